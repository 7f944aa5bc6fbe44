package widget

// SearchEntry takes words to search with.
type SearchEntry struct {
	CodeEntry
}

// NewSearchEntry makes an empty entry; changed is called after each letter.
func NewSearchEntry(changed func()) *SearchEntry {
	e := &SearchEntry{}
	e.ExtendBaseWidget(e)
	e.OnChanged = func(string) { changed() }
	return e
}

// TargetName names the entry.
func (e *SearchEntry) TargetName() string { return "EntrySearch" }

// FocusGained brings the entry into sight.
func (e *SearchEntry) FocusGained() {
	e.Entry.FocusGained()
	reveal(e)
}
