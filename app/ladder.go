package app

import "kontaktlaege/internal/kontakt"

// ladder is what has been said of the network in a call.
type ladder struct {
	fall  kontakt.Rung // the lowest rung that was told since the network was last calm; "" for none
	moved bool         // what helps was told
	said  int          // counts what was said
	falls int          // counts the times that it got worse
}
