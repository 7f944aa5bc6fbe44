package wire

import "kontaktlaege/internal/kontakt"

// FromOrderText is what the tablet sends.
func FromOrderText(t kontakt.OrderText) OrderText {
	return OrderText{What: t.What, Dose: t.Dose, HowOften: t.HowOften, From: t.From, Until: t.Until}
}

// ToOrderText checks how it is written.
func ToOrderText(w OrderText) (kontakt.OrderText, error) { return orderText(w).Checked() }

func orderText(w OrderText) kontakt.OrderText {
	return kontakt.OrderText{What: w.What, Dose: w.Dose, HowOften: w.HowOften, From: w.From, Until: w.Until}
}

// FromOrder is an order as both sides see it.
func FromOrder(o kontakt.Order) Order {
	return Order{
		ID: string(o.ID), Version: o.Version, State: string(o.State), Text: FromOrderText(o.OrderText), By: o.By,
		Author: FromPerson(o.Author), WrittenAt: o.WrittenAt.UTC(), ReadAt: moment(o.ReadAt),
		ConfirmedBy: fromPerson(o.ConfirmedBy), ConfirmedAt: moment(o.ConfirmedAt), EndedAt: moment(o.EndedAt), Replaces: string(o.Replaces),
	}
}

// ToOrder is its reverse. The place does not travel: the asker named it.
func ToOrder(w Order) (kontakt.Order, error) {
	id, err := kontakt.ParseOrderID(w.ID)
	if err != nil {
		return kontakt.Order{}, err
	}
	o := kontakt.Order{
		OrderText: orderText(w.Text), ID: id, Version: w.Version, State: kontakt.OrderState(w.State), By: w.By,
		WrittenAt: w.WrittenAt, ReadAt: fromMoment(w.ReadAt), ConfirmedAt: fromMoment(w.ConfirmedAt), EndedAt: fromMoment(w.EndedAt),
	}
	if w.State == "" || w.Text.What == "" {
		return kontakt.Order{}, invalid("ToOrder", nil)
	}
	if o.Author, err = ToPerson(w.Author); err != nil {
		return kontakt.Order{}, err
	}
	if o.ConfirmedBy, err = toPerson(w.ConfirmedBy); err != nil {
		return kontakt.Order{}, err
	}
	if w.Replaces != "" {
		if o.Replaces, err = kontakt.ParseOrderID(w.Replaces); err != nil {
			return kontakt.Order{}, err
		}
	}
	return o, nil
}

// FromOrders are those of a place.
func FromOrders(k kontakt.Orders) Orders {
	w := Orders{Orders: make([]Order, 0, len(k.All)), Clinician: fromPerson(k.Clinician), Until: moment(k.Until)}
	for _, o := range k.All {
		w.Orders = append(w.Orders, FromOrder(o))
	}
	return w
}

// ToOrders is its reverse.
func ToOrders(w Orders) (kontakt.Orders, error) {
	k := kontakt.Orders{Until: fromMoment(w.Until)}
	var err error
	if k.Clinician, err = toPerson(w.Clinician); err != nil {
		return kontakt.Orders{}, err
	}
	for _, one := range w.Orders {
		o, err := ToOrder(one)
		if err != nil {
			return kontakt.Orders{}, err
		}
		k.All = append(k.All, o)
	}
	return k, nil
}
