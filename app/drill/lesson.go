package drill

import (
	"kontaktlaege/app"
	"kontaktlaege/internal/kontakt"
)

// lesson is what a scenario plays and what is to be learned by it.
type lesson struct {
	script func(*play)
	before int // who stand before whoever joins
	steps  []step
}

// step is a part of a lesson: how it stands on the card, what the nurse is told to do for it, and how it is seen that it
// was done.
type step struct {
	says kontakt.MsgKey
	task app.Sentence
	done func(before, after app.State) bool
}

// lessons are those of the scenarios.
var lessons = map[app.Scenario]lesson{
	app.DrillGood: {asItShouldGo, 2, []step{
		finds(agnes), confirms(agnes), agrees(agnes), draws(agnes), reads(), answers(agnes), hears(), ends(agnes), writesDown(agnes),
	}},
	app.DrillNoAnswer: {nobodyAnswers, 1, []step{
		finds(agnes), confirms(agnes), draws(agnes), keeps(), answers(agnes), ends(agnes), writesDown(agnes),
	}},
	app.DrillBadNetwork: {badNetwork, 1, []step{
		finds(agnes), confirms(agnes), draws(agnes), answers(agnes), hears(), climbsDown(), climbsUp(), ends(agnes), writesDown(agnes),
	}},
	app.DrillTwoCalls: {twoCalls, 1, []step{
		finds(agnes), draws(agnes), findsToo(carla), draws(carla), answers(agnes), writesDown(agnes), answers(carla), writesDown(carla),
	}},
	app.DrillWrong: {wrongCitizen, 1, []step{
		finds(børge), notices(børge), finds(bent), draws(bent), answers(bent), ends(bent), writesDown(bent),
	}},
}

func about(p person) map[string]string {
	return map[string]string{"navn": p.name, "cpr": p.cpr, "klinik": p.clinic.Name}
}

// on gives the screen of a state where it is of that type.
func on[S app.Screen](s app.State) (S, bool) {
	screen, ok := s.Screen.(S)
	return screen, ok
}

// is says whether a place is a person's.
func (p person) is(place app.Place) bool { return place.Citizen != nil && place.Citizen.ID == p.id }

func finds(p person) step {
	return step{"drill.step.found", app.Sentence{Key: "drill.task.find", Params: about(p)}, func(_, after app.State) bool {
		screen, ok := on[app.ReadBack](after)
		return ok && screen.Citizen.ID == p.id
	}}
}

// findsToo is finds, for another one while somebody waits.
func findsToo(p person) step {
	s := finds(p)
	s.says, s.task.Key = "drill.step.found_too", "drill.task.find_too"
	return s
}

func confirms(p person) step {
	return step{"drill.step.confirmed", app.Sentence{Key: "drill.task.confirm"}, func(_, after app.State) bool {
		screen, ok := on[app.Consent](after)
		return ok && screen.Citizen.ID == p.id
	}}
}

func agrees(p person) step {
	return step{"drill.step.agreed", app.Sentence{Key: "drill.task.agree"}, func(_, after app.State) bool {
		screen, ok := on[app.Check](after)
		return ok && screen.Citizen.ID == p.id
	}}
}

func draws(p person) step {
	return step{"drill.step.drawn", app.Sentence{Key: "drill.task.draw"}, func(_, after app.State) bool {
		screen, ok := on[app.Waiting](after)
		return ok && p.is(screen.Place)
	}}
}

func reads() step {
	return step{"drill.step.read", app.Sentence{Key: "drill.task.read"}, func(_, after app.State) bool {
		screen, ok := on[app.Waiting](after)
		return ok && len(screen.Place.Seen()) > 0
	}}
}

func keeps() step {
	return step{"drill.step.kept", app.Sentence{Key: "drill.task.keep"}, func(_, after app.State) bool {
		screen, ok := on[app.Waiting](after)
		return ok && screen.Place.Notice.Key == kontakt.MsgNoAnswer
	}}
}

func answers(p person) step {
	return step{"drill.step.answered", app.Sentence{Key: "drill.task.answer", Params: about(p)}, func(_, after app.State) bool {
		screen, ok := on[app.InCall](after)
		return ok && p.is(screen.Place)
	}}
}

func hears() step {
	return step{"drill.step.heard", app.Sentence{Key: "drill.task.talk"}, func(_, after app.State) bool {
		screen, ok := on[app.InCall](after)
		return ok && screen.Media == app.MediaLive
	}}
}

// climbsDown: the picture is gone, or stands still.
func climbsDown() step {
	return step{"drill.step.down", app.Sentence{Key: "drill.task.stay"}, func(_, after app.State) bool {
		screen, ok := on[app.InCall](after)
		return ok && screen.Rung.Depth() > 0
	}}
}

// climbsUp: it is back, and nobody has hung up.
func climbsUp() step {
	return step{"drill.step.up", app.Sentence{Key: "drill.task.stay"}, func(before, after app.State) bool {
		was, talked := on[app.InCall](before)
		is, talks := on[app.InCall](after)
		return talked && talks && is.Rung != "" && is.Rung.Depth() < was.Rung.Depth()
	}}
}

func ends(p person) step {
	return step{"drill.step.ended", app.Sentence{Key: "drill.task.end"}, func(_, after app.State) bool {
		screen, ok := on[app.Ended](after)
		return ok && screen.Summary.Citizen == p.name
	}}
}

// writesDown: the summary was left, by who had it before the eyes.
func writesDown(p person) step {
	return step{"drill.step.written", app.Sentence{Key: "drill.task.write"}, func(before, after app.State) bool {
		was, read := on[app.Ended](before)
		is, still := on[app.Ended](after)
		return read && was.Summary.Citizen == p.name && !(still && is.Summary.Citizen == p.name)
	}}
}

// notices: it was not the citizen who sits there, seen before or after the number was drawn.
func notices(p person) step {
	return step{"drill.step.noticed", app.Sentence{Key: "drill.task.notice", Params: about(bent)}, func(before, after app.State) bool {
		_, finds := on[app.FindCitizen](after)
		screen, read := on[app.ReadBack](before)
		return finds && (read && screen.Citizen.ID == p.id || after.Correcting != nil && p.is(*after.Correcting))
	}}
}
