package demo

import (
	"github.com/zitadel/oidc/v3/example/server/storage"
	"golang.org/x/text/language"
)

// Password is the password of every account.
const Password = "demo"

// CVR numbers that pass the check digit and belong to nobody.
const (
	MunicipalityCVR = "99999993" // Eksempel Kommune
	neighbourCVR    = "90000004"
	havnegadeCVR    = "99999985"
	bakkenCVR       = "99999977"
)

// Account is somebody who can sign in at the demo provider. The claims say what a real provider would say of them.
type Account struct {
	Username  string
	FirstName string
	LastName  string
	Hint      string // what the account is there to show, for the sign-in page and the printed list

	title        string
	role         string
	organisation string
	cvr          string
	ydernummer   string
	identityType string
	assurance    string
}

// Name gives the full name.
func (a Account) Name() string { return a.FirstName + " " + a.LastName }

const (
	professional = "professional"
	private      = "private"

	// Both forms that providers use, so that both are always in use here.
	substantial    = "Substantial"
	substantialURI = "https://data.gov.dk/concept/core/nsis/loa/Substantial"
)

// accounts in the order of the sign-in page.
var accounts = []Account{
	{
		Username: "sanne", FirstName: "Sanne", LastName: "Ravn", Hint: "Sygeplejerske, Eksempel Kommune",
		title: "sygeplejerske", role: "nurse", organisation: "Eksempel Kommune", cvr: MunicipalityCVR, identityType: professional, assurance: substantial,
	},
	{
		Username: "mette", FirstName: "Mette", LastName: "Juhl", Hint: "Social- og sundhedsassistent, Eksempel Kommune",
		title: "social- og sundhedsassistent", role: "nurse", organisation: "Eksempel Kommune", cvr: MunicipalityCVR, identityType: professional, assurance: substantialURI,
	},
	{
		Username: "lars", FirstName: "Lars", LastName: "Holm", Hint: "Læge, Lægerne Havnegade",
		title: "praktiserende læge", role: "clinician", organisation: "Lægerne Havnegade", cvr: havnegadeCVR, ydernummer: havnegadeYder, identityType: professional, assurance: substantial,
	},
	{
		Username: "peter", FirstName: "Peter", LastName: "Lund", Hint: "Læge, Lægerne Havnegade",
		title: "praktiserende læge", role: "clinician", organisation: "Lægerne Havnegade", cvr: havnegadeCVR, ydernummer: havnegadeYder, identityType: professional, assurance: substantial,
	},
	{
		Username: "birgit", FirstName: "Birgit", LastName: "Thorup", Hint: "Lægesekretær, Lægerne Havnegade",
		title: "lægesekretær", role: "secretary", organisation: "Lægerne Havnegade", cvr: havnegadeCVR, ydernummer: havnegadeYder, identityType: professional, assurance: substantial,
	},
	{
		Username: "anna", FirstName: "Anna", LastName: "Winther", Hint: "Læge, Lægehuset Bakken",
		title: "praktiserende læge", role: "clinician", organisation: "Lægehuset Bakken", cvr: bakkenCVR, ydernummer: bakkenYder, identityType: professional, assurance: substantialURI,
	},
	{
		Username: "karen", FirstName: "Karen", LastName: "Madsen", Hint: "Borger: afvises på tablet og i klinik",
		role: "citizen", identityType: private, assurance: substantial,
	},
	{
		Username: "jonas", FirstName: "Jonas", LastName: "Krogh", Hint: "Afvises: for svagt login",
		title: "sygeplejerske", role: "nurse", organisation: "Eksempel Kommune", cvr: MunicipalityCVR, identityType: professional, assurance: "Low",
	},
	{
		Username: "camilla", FirstName: "Camilla", LastName: "Bech", Hint: "Afvises: valgte sin private identitet",
		title: "sygeplejerske", role: "nurse", identityType: private, assurance: substantial,
	},
	{
		Username: "henrik", FirstName: "Henrik", LastName: "Dam", Hint: "Afvises: ansat i Nabo Kommune",
		title: "sygeplejerske", role: "nurse", organisation: "Nabo Kommune", cvr: neighbourCVR, identityType: professional, assurance: substantial,
	},
	{
		Username: "ulla", FirstName: "Ulla", LastName: "Skov", Hint: "Afvises: kontoransat uden adgang",
		title: "kontorassistent", organisation: "Eksempel Kommune", cvr: MunicipalityCVR, identityType: professional, assurance: substantial,
	},
}

// Accounts lists who can sign in.
func Accounts() []Account { return append([]Account(nil), accounts...) }

func account(username string) (Account, bool) {
	for _, a := range accounts {
		if a.Username == username {
			return a, true
		}
	}
	return Account{}, false
}

// subjectOf is the sub of an account: not the user name, since a real provider's is opaque too.
func subjectOf(username string) string { return "urn:demo:" + username }

// directory shows the accounts to the example server's storage.
type directory struct{ bySubject, byUsername map[string]*storage.User }

func newDirectory() directory {
	d := directory{map[string]*storage.User{}, map[string]*storage.User{}}
	for _, a := range accounts {
		u := &storage.User{
			ID: subjectOf(a.Username), Username: a.Username, Password: Password,
			FirstName: a.FirstName, LastName: a.LastName, PreferredLanguage: language.Danish,
		}
		d.bySubject[u.ID], d.byUsername[u.Username] = u, u
	}
	return d
}

func (d directory) GetUserByID(id string) *storage.User         { return d.bySubject[id] }
func (d directory) GetUserByUsername(name string) *storage.User { return d.byUsername[name] }
func (d directory) ExampleClientID() string                     { return storage.ServiceUserID }
