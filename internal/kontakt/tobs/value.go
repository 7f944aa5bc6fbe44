package tobs

// Fault is what is wrong with a value.
type Fault string

// The faults.
const (
	Unknown    Fault = "unknown"      // the table has no such parameter
	Form       Fault = "form"         // not a number, or not a choice, where the other is asked for
	OutOfRange Fault = "out_of_range" // a number that can't be read off
	NoMethod   Fault = "method"       // a way to measure that the parameter doesn't have
	NoChoice   Fault = "choice"       // a choice that it doesn't have
)

// ValueError says which parameter a value does not fit, and why; never the value, which is health data.
type ValueError struct {
	Key   string
	Fault Fault
}

func (e *ValueError) Error() string { return "tobs: " + e.Key + ": " + string(e.Fault) }

// check says whether a value can be one of the parameter's. That a method is missing is no fault.
func (p Parameter) check(v Value) error {
	wrong := func(f Fault) error { return &ValueError{p.Key, f} }
	if p.Chosen() {
		if _, ok := p.choice(v.Choice); v.Number != nil || v.Method != "" {
			return wrong(Form)
		} else if !ok {
			return wrong(NoChoice)
		}
		return nil
	}
	if v.Number == nil || v.Choice != "" {
		return wrong(Form)
	}
	if *v.Number < p.Min || *v.Number > p.Max {
		return wrong(OutOfRange)
	}
	if m, _ := p.method(v.Method); m.Key != v.Method {
		return wrong(NoMethod)
	}
	return nil
}

// Parse reads a number as a helper keys it, with a comma or a point. More decimals than the parameter has are rounded,
// half up: 37,95 is 38,0.
func (p Parameter) Parse(text string) (int, error) {
	n, err := roundedTo(text, p.Decimals)
	switch {
	case err != nil || p.Chosen():
		return 0, &ValueError{p.Key, Form}
	case n < p.Min || n > p.Max:
		return 0, &ValueError{p.Key, OutOfRange}
	}
	return n, nil
}

// Text is a number of the parameter's as Danes write it: "37,9".
func (p Parameter) Text(n int) string { return danish(n, p.Decimals) }
