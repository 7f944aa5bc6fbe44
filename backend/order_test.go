package backend_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/wire"
)

// What the doctor says, and what nobody else may learn of it.
var (
	ordered   = wire.OrderText{What: "Trimopan", Dose: "0,5 tablet", HowOften: "2 gange om dagen", From: "i dag", Until: "27.11.2026"}
	corrected = wire.OrderText{What: "Trimopan", Dose: "1 tablet", HowOften: "kl. 8.00 og 20.00", From: "i dag", Until: "27.11.2026"}
)

// again asks for a change twice under one key, as after an answer that was lost, and gives the answer, which is the same.
func (p *party) again(as who, path string, body any, status int) answer {
	p.t.Helper()
	r := as.request(http.MethodPost, path, body)
	first := p.do(r)
	second := as.request(http.MethodPost, path, body)
	second.Header.Set(wire.IdempotencyHeader, r.Header.Get(wire.IdempotencyHeader))
	if got := p.do(second); first.status != status || got.status != status || string(got.body) != string(first.body) {
		p.t.Fatalf("%s: %d %s, then %d %s", path, first.status, first.body, got.status, got.body)
	}
	return first
}

// M5 and E55 over HTTP, with the text sealed and told to nobody who has no business with it.
func TestOrders_overHTTP(t *testing.T) {
	eachParty(t, func(t *testing.T, p *party) {
		orders := "/entries/" + p.e.ID + "/orders"
		clinic := "/clinic" + orders
		problem(t, "before the call", p.do(p.nurse.request("POST", orders, ordered)), 409, kontakt.MsgOrderNoCall)
		_, talking := p.talk(p.lars, p.nurse, p.e.ID)
		onTablet := p.tab.open(talking.Cursor)
		defer onTablet.close()

		wrong := ordered
		wrong.Dose = ",5 tablet"
		if refused := problem(t, "a decimal without its nought", p.do(p.nurse.request("POST", orders, wrong)), 400, kontakt.MsgOrderNumber); refused.Params["rigtigt"] != "0,5" {
			t.Errorf("the right way is %v", refused.Params)
		}
		o := read[wire.Order](t, "written", p.again(p.nurse, orders, ordered, 201), 201)
		if o.State != "written" || o.Version != 1 || o.Text != ordered || o.By != kontakt.ParticipantTablet || o.Author.Name == "" {
			t.Fatalf("written: %+v", o)
		}
		var told wire.OrderChanged
		if err := json.Unmarshal(onTablet.until(kontakt.EventOrderChanged).Data, &told); err != nil || told != (wire.OrderChanged{Order: o.ID, Entry: p.e.ID, State: "written"}) {
			t.Errorf("the tablet is told %+v, %v", told, err)
		}
		one := orders + "/" + o.ID
		problem(t, "confirmed unread", p.do(p.lars.request("POST", "/clinic"+one+"/confirm", wire.ConfirmRequest{Version: 1})), 409, kontakt.MsgOrderNotRead)
		o = read[wire.Order](t, "read back", p.again(p.nurse, one+"/read-back", nil, 200), 200)
		problem(t, "confirmed as another version", p.do(p.lars.request("POST", "/clinic"+one+"/confirm", wire.ConfirmRequest{Version: 1})), 409, kontakt.MsgOrderChanged)
		problem(t, "confirmed by a colleague", p.do(p.peter.request("POST", "/clinic"+one+"/confirm", wire.ConfirmRequest{Version: 2})), 404, kontakt.MsgNotFound)
		problem(t, "confirmed by the secretary", p.do(p.birgit.request("POST", "/clinic"+one+"/confirm", wire.ConfirmRequest{Version: 2})), 403, kontakt.MsgNotAllowed)
		second := read[wire.Order](t, "corrected", p.again(p.lars, "/clinic"+one+"/correct", wire.CorrectRequest{Version: o.Version, Text: corrected}, 200), 200)
		if second.Replaces != o.ID || second.Text != corrected || second.By != kontakt.ParticipantClinic || second.State != "written" {
			t.Fatalf("corrected: %+v", second)
		}

		end := "/clinic/entries/" + p.e.ID + "/end"
		warned := problem(t, "the end, nobody having been told", p.do(p.lars.request("POST", end, wire.ClinicEndRequest{Reason: "done"})), 409, kontakt.MsgOrdersOpen)
		if warned.Params["n"] != "1" {
			t.Errorf("the warning says %v", warned.Params)
		}
		p.again(p.lars, end, wire.ClinicEndRequest{Reason: "done", Unconfirmed: 1}, 200)
		list := ask[wire.ClinicEntries](p.birgit, "GET", "/clinic/entries", nil, 200)
		if len(list.Entries) != 1 || list.Entries[0].State != "ended" || list.Entries[0].Unconfirmed != 1 || list.Entries[0].ConfirmUntil == nil {
			t.Fatalf("the list after the end: %+v", list.Entries)
		}

		p.restart()
		for _, stranger := range []who{p.staff("anna"), p.tab.who, p.nobody()} {
			for _, path := range []string{orders, clinic} {
				got := p.do(stranger.request("GET", path, nil))
				if got.status < 400 || strings.Contains(string(got.body), "Trimopan") {
					t.Errorf("%s reads %s: %d %s", stranger.name, path, got.status, got.body)
				}
			}
		}
		read[wire.Order](t, "read back by telephone", p.again(p.nurse, orders+"/"+second.ID+"/read-back", nil, 200), 200)
		confirmed := read[wire.Order](t, "confirmed", p.again(p.lars, "/clinic"+orders+"/"+second.ID+"/confirm", wire.ConfirmRequest{Version: 2}, 200), 200)
		if confirmed.ConfirmedBy == nil || confirmed.ConfirmedBy.Name != "Lars Holm" || confirmed.ConfirmedAt == nil {
			t.Errorf("confirmed: %+v", confirmed)
		}
		if left := ask[wire.ClinicEntries](p.birgit, "GET", "/clinic/entries", nil, 200).Entries; len(left) != 0 {
			t.Errorf("the list, all being confirmed: %+v", left)
		}
		seen := ask[wire.Orders](p.nurse, "GET", orders, nil, 200)
		if len(seen.Orders) != 2 || seen.Orders[0].State != "corrected" || seen.Orders[1].State != "confirmed" || seen.Clinician == nil || seen.Clinician.Name != "Lars Holm" || seen.Until == nil {
			t.Errorf("the nurse sees %+v", seen)
		}

		nothing := func(where, text string) {
			for _, word := range []string{"Trimopan", "0,5 tablet", "kl. 8.00"} {
				if strings.Contains(text, word) {
					t.Errorf("%q stands in %s", word, where)
				}
			}
		}
		eachCell(t, p.cfg.Database, []string{"events", "audit", "entries", "orders", "replies", "calls", "outbox"}, nothing)
		nothing("the log", p.log.String())
		p.ahead.Add(int64(kontakt.OrdersAfter + time.Minute))
		problem(t, "half an hour later", p.do(p.nurse.request("POST", orders, ordered)), 409, kontakt.MsgOrderLate)
	})
}
