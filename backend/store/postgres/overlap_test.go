package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kontaktlaege/backend/store"
	"kontaktlaege/internal/kontakt"
	"kontaktlaege/internal/testkit"
)

// Two nodes each see that the other's call is not there, and only then write their own: rows that differ, so that nothing
// but the engine's own reckoning of who has read what keeps one of the two out.
func TestPostgres_decisionsThatOverlapAreMadeOneAfterTheOther(t *testing.T) {
	testkit.Guard(t, 2*time.Minute)
	address, keys := testkit.Postgres(t), store.NewKeys()
	errBusy := &kontakt.Error{Op: "test", Kind: kontakt.Conflict, Msg: kontakt.MsgBusy}
	var read, ended sync.WaitGroup
	read.Add(2)
	var results [2]error
	for i, names := range [2][2]string{{"call of one", "call of the other"}, {"call of the other", "call of one"}} {
		db := open(t, address, keys)
		ended.Go(func() {
			first := true
			results[i] = db.Update(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Setting(names[1])
				if first {
					first = false
					read.Done()
					read.Wait()
				}
				switch kontakt.KindOf(err) {
				case "":
					return errBusy
				case kontakt.NotFound:
					return tx.SetSetting(names[0], "runs")
				}
				return err
			})
			db.Close()
		})
	}
	ended.Wait()
	one, other := kontakt.KindOf(results[0]), kontakt.KindOf(results[1])
	if one == other || one != "" && one != kontakt.Conflict || other != "" && other != kontakt.Conflict {
		t.Errorf("%v and %v, want one that calls and one that is told", results[0], results[1])
	}
}
