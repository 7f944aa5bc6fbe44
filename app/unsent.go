package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"kontaktlaege/internal/kontakt"
)

// errand is something asked of the backend that must neither be lost nor done twice, whatever becomes of the app while
// the answer is awaited. It holds ids and words from a list, nothing of a citizen.
type errand struct {
	Key string
	At  time.Time
	By  kontakt.EmployeeID `json:",omitempty"` // who asked for a number

	Join   *kontakt.Join       `json:",omitempty"`
	Entry  kontakt.EntryID     `json:",omitempty"`
	Move   kontakt.Move        `json:",omitempty"`
	Reason string              `json:",omitempty"`
	Read   []kontakt.MessageID `json:",omitempty"`
	Why    kontakt.WrongWhy    `json:",omitempty"`
}

// How old an errand may be when the app starts again. A citizen is put into a queue only while somebody is likely to
// stand there still; the backend keeps its answers for a day.
const (
	joinKept  = 10 * time.Minute
	otherKept = 12 * time.Hour
)

// unsent is the errands under way, over a restart: each is saved before it is sent for the first time, under the key that
// makes it the same errand however often it is sent.
type unsent struct {
	notes
	now func() time.Time

	mu sync.Mutex
}

const unsentName = "unsent"

func (u *unsent) all() []errand {
	var all []errand
	if !u.read(unsentName, &all) {
		return nil
	}
	return all
}

// change keeps the errands as f makes them. One that can't be kept is sent all the same: only a restart in these seconds
// would lose it.
func (u *unsent) change(f func([]errand) []errand) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.write(unsentName, f(u.all()))
}

func (u *unsent) add(e errand) {
	e.At = u.now()
	u.change(func(all []errand) []errand { return append(u.without(all, e.Key), e) })
}

func (u *unsent) remove(key string) {
	u.change(func(all []errand) []errand { return u.without(all, key) })
}

func (u *unsent) without(all []errand, key string) []errand {
	return slices.DeleteFunc(all, func(e errand) bool { return e.Key == key })
}

// sent forgets an errand that has been answered, or that the nurse has turned back from: not one that the app's own end
// has cut off.
func (m *Machine) sent(key string) {
	if m.root.Err() == nil {
		m.unsent.remove(key)
	}
}

// sendUnsent sends what the last run was cut off in: the same errands under the same keys. A join is given back instead,
// to be shown while it goes on, where the same employee is signed in still.
func (m *Machine) sendUnsent(ctx context.Context, who kontakt.EmployeeID) (*Join, error) {
	var join *Join
	for _, e := range m.unsent.all() {
		age := m.ports.Now().Sub(e.At)
		if e.Join != nil {
			if e.By == who && who != "" && 0 <= age && age < joinKept {
				join = &Join{Join: *e.Join, Key: e.Key}
			} else {
				m.unsent.remove(e.Key)
			}
			continue
		}
		var err error
		switch {
		case age > otherKept:
		case e.Why != "":
			err = m.ports.Line.ExplainWrong(ctx, e.Entry, e.Why, e.Key)
		case e.Move != "":
			_, err = m.ports.Line.Move(ctx, e.Entry, e.Move, e.Reason, e.Key)
		default:
			_, err = m.ports.Line.Read(ctx, e.Entry, e.Read, e.Key)
		}
		if kontakt.KindOf(err).Transient() {
			return nil, err
		}
		m.failure(Move{Move: e.Move}, err) // the place shows how it stands
		m.unsent.remove(e.Key)
	}
	return join, nil
}
