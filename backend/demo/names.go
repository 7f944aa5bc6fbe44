package demo

const (
	havnegadeYder = "099001"
	bakkenYder    = "099002"
)
