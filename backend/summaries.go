package backend

import (
	"net/http"

	"kontaktlaege/internal/kontakt"
)

// summaryPage is where a summary opens, below the base address: what the tablet shows as a QR code.
const summaryPage = "/resume/"

// toSummary leads to the nurse's page, which signs her in and shows the summary, if it is hers.
func toSummary(w http.ResponseWriter, r *http.Request) {
	address := "/sygepleje/"
	if id, err := kontakt.ParseSummaryID(r.PathValue("id")); err == nil {
		address += "#" + string(id)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	http.Redirect(w, r, address, http.StatusSeeOther)
}
