package content

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// Language is everything the generator says in a language of its own: the words of the interface, of dates and of
// hedges. Layouts read it as .Site.Words.
type Language struct {
	Tag  string // BCP 47
	Dir  string // ltr or rtl
	UI   Words
	Time TimeWords
	// Hedges may stand before an approximate value, Afterwords behind it. The first of Hedges is what is put before a
	// value that has none.
	Hedges, Afterwords []string
	// Bounds may end a pattern that says on which side of it a number lies.
	Bounds []string
	// Thousands separates groups of three digits, Decimal the fraction.
	Thousands, Decimal string
	// Callouts has the default title of each type of box.
	Callouts map[string]string
	// SourceKinds are the kinds of source as readers call them, by their names in CSL 1.0.2.
	SourceKinds map[string]string
	// Roles are the words for those who stand where an author would, by their fields in CSL: "ed.", "eds.".
	Roles map[string]Plural
	// Policies are words of the headings under which a page about the site says how it works.
	Policies Policies
	// Small are words that do not count when two titles are compared or names are guessed.
	Small []string
}

// TimeWords are the words of dates (contract section 5).
type TimeWords struct {
	Months                [12]string
	Short                 [12]string
	Early, Mid, Late      []string // before a month or year
	End                   []string // "end of"
	About                 string   // before a length of time
	YearCount, MonthCount Plural   // lengths of time
	Numbers               []string // small numbers in words, by value
	Seasons               [4]string
	Circa, BC, AD         string // %s is a date, or a year
	NoDate                string // of a source whose date is not known
}

// Plural is how a language counts something, by the plural categories of CLDR; %s is the number. A category that is
// empty is said as Other.
type Plural struct{ One, Two, Few, Many, Other string }

// of says a count of n; number is how n is written.
func (p Plural) of(tag string, n int, number string) string {
	form := ""
	switch plural.Cardinal.MatchPlural(language.Make(tag), n, 0, 0, 0, 0) {
	case plural.One:
		form = p.One
	case plural.Two:
		form = p.Two
	case plural.Few:
		form = p.Few
	case plural.Many:
		form = p.Many
	}
	if form == "" {
		form = p.Other
	}
	return strings.Replace(form, "%s", number, 1)
}

// Policies are words by which a heading is known to tell of a policy.
type Policies struct{ Principles, Corrections, Ethics, Funding, Feedback []string }

// Words are the words of the interface, one field each, so that a layout that asks for one that is missing is found
// when it is parsed.
type Words struct {
	SkipToContent, Contents, Overview, Question, Of, Published, Updated, MinuteRead              string
	MinutesRead, By, ReviewedBy, AsOf, Sources, SourcesHere, MentionedIn, Related                string
	Changes, CiteThis, Previous, Next, LastNext, Timeline, WhosWho, Glossary                     string
	Facts, Disputed, About, AZ, NotFound, NotFoundText, Draft, Established                       string
	Single, Withdrawn, Stale, Superseded, SeenByUs, Via, Relies, Taken                           string
	Origins, Position, Positions, Settle, Status, Says, Source                                   string
	Label, Value, Unit, History, Used, Claim, Claims, Date                                       string
	DateNotGiven, Due, DateDisputed, Background, Brief, Summary, Full, Depth                     string
	Minutes, AllQuestions, Latest, TopClaims, People, Organisations, Role, Aliases               string
	SameAs, Events, StatedPositions, Before, After, Data, Table, DataCSV                         string
	Note, BackToText, Archived, Licence, BuiltOn, Explainer, Analysis, Opinion                   string
	Person, Organisation, Term, Event, Section, Page, Fact, New                                  string
	Update, Correction, Clarification, WithdrawnChange, NoCorrections, KeyPoints, Answer, Shares string
	Menu, InThisExplainer, Uses, Numbers, ReadOn, Certain, Likely, Contested                     string
	Unclear, Unresolved, Refuted, SingleSource, DisputedStatus, DataTable, Chart, Embedded       string
	Type, Who, What, When, ReportProblem, LinkTo, Original, Side                                 string
	Topics                                                                                       string
	Gone                                                                                         string // of a source
	Corrections, Feed, FeedText                                                                  string // of the changes
	Preview, OpenPage, ToSource, Close, Previews, On, Off                                        string // what the script says: of previews,
	Theme, System, Light, Dark                                                                   string // of the colours,
	SinceRead, LastTime, CopyLink, Copied                                                        string // of the reader's visits, and of links to blocks
	Search, Results, NoResult, Passage, Meant                                                    string // of the search
	ThisVersion, Download, FactsData, ClaimsData, SourcesData, PrintAll, Card, CardOf            string
	Comma, Semicolon                                                                             string // between the items of a list
	Volume, Issue, OnPage, Pages                                                                 string // of a source; %s is the number
	Name, Names, Terms                                                                           string // of a person or organisation; of the glossary
	MovedTo, WithdrawnOn                                                                         string // at addresses where something stood
}

var english = Language{
	Tag: "en", Dir: "ltr", Thousands: ",", Decimal: ".",
	Hedges:     []string{"about", "around", "roughly", "approximately", "approx.", "approx", "circa", "ca.", "c.", "some", "an estimated", "~", "≈"},
	Bounds:     []string{"or more", "or fewer", "or less", "at least", "at most", "plus"},
	Afterwords: []string{"or so", "approximately", "roughly", "more or less", "give or take", "or thereabouts"},
	Time: TimeWords{
		Months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		Short:  [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Early:  []string{"early", "early in", "beginning of", "start of", "the beginning of", "the start of"},
		Mid:    []string{"mid", "mid-", "middle of", "the middle of"},
		Late:   []string{"late", "late in"},
		End:    []string{"end of", "the end of"},
		About:  "about", YearCount: Plural{One: "%s year", Other: "%s years"}, MonthCount: Plural{One: "%s month", Other: "%s months"},
		Numbers: []string{"", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"},
		Seasons: [4]string{"spring", "summer", "autumn", "winter"}, Circa: "c. %s", BC: "%s BC", AD: "AD %s", NoDate: "n.d.",
	},
	Callouts: map[string]string{
		"takeaways": "Key points", "known": "What is established", "disputed": "What is disputed", "unknown": "What we don’t know",
		"note": "Note", "correction": "Correction", "quote": "Quotation", "tip": "Tip", "important": "Important",
		"warning": "Warning", "caution": "Caution", "abstract": "Summary", "info": "Info", "todo": "To do", "success": "Success",
		"question": "Question", "failure": "Failure", "danger": "Danger", "bug": "Bug", "example": "Example",
	},
	SourceKinds: map[string]string{
		"article-newspaper": "Newspaper article", "article-magazine": "Magazine article", "article-journal": "Journal article",
		"webpage": "Web page", "post-weblog": "Blog post", "report": "Report", "speech": "Speech or briefing", "broadcast": "Broadcast",
		"interview": "Interview", "book": "Book", "chapter": "Chapter", "legislation": "Law", "legal_case": "Court decision",
		"dataset": "Data", "press-release": "Press release", "article": "Article", "document": "Document",
		"personal_communication": "Letter", "treaty": "Treaty", "map": "Map", "motion_picture": "Film", "post": "Post",
		"entry-encyclopedia": "Encyclopedia entry", "bill": "Bill", "hearing": "Hearing", "graphic": "Graphic", "thesis": "Thesis",
		"standard": "Standard", "paper-conference": "Conference paper", "manuscript": "Manuscript", "pamphlet": "Booklet", "patent": "Patent", "periodical": "Periodical",
		"software": "Software", "song": "Recording", "musical_score": "Sheet music", "performance": "Performance", "review": "Review", "review-book": "Book review",
		"figure": "Figure", "entry": "Entry", "entry-dictionary": "Dictionary entry", "regulation": "Regulation", "classic": "Classic", "collection": "Collection", "event": "Event",
	},
	Roles: map[string]Plural{
		"editor": {One: "ed.", Other: "eds."}, "collection-editor": {One: "ed.", Other: "eds."}, "editorial-director": {One: "ed.", Other: "eds."},
		"editor-translator": {One: "ed. and trans.", Other: "eds. and trans."}, "translator": {Other: "trans."}, "director": {Other: "dir."},
		"compiler": {Other: "comp."}, "curator": {One: "curator", Other: "curators"}, "container-author": {Other: "author of the whole"},
		"composer": {One: "composer", Other: "composers"}, "performer": {One: "performer", Other: "performers"}, "producer": {One: "producer", Other: "producers"},
		"executive-producer": {One: "executive producer", Other: "executive producers"}, "series-creator": {One: "creator", Other: "creators"},
		"script-writer": {One: "writer", Other: "writers"}, "host": {One: "host", Other: "hosts"}, "narrator": {One: "narrator", Other: "narrators"},
		"organizer": {One: "organizer", Other: "organizers"}, "chair": {One: "chair", Other: "chairs"}, "illustrator": {Other: "ill."},
		"original-author": {Other: "original author"}, "reviewed-author": {Other: "author of what is reviewed"}, "interviewer": {One: "interviewer", Other: "interviewers"},
		"guest": {One: "guest", Other: "guests"}, "contributor": {One: "contributor", Other: "contributors"}, "recipient": {One: "recipient", Other: "recipients"},
	},
	Policies: Policies{
		Principles: []string{"principles", "how facts are checked", "how we check", "how we work", "method", "standards"}, Corrections: []string{"corrections"},
		Ethics: []string{"ethics"}, Funding: []string{"funding", "owner", "who pays"}, Feedback: []string{"complain", "feedback", "contact"},
	},
	Small: []string{"the", "a", "an", "of", "and", "in", "on", "at", "to", "for"},
	UI: Words{
		SkipToContent: "Skip to content", Contents: "Contents", Overview: "Overview", Question: "Question", Of: "of",
		Published: "Published", Updated: "Updated", MinuteRead: "min read", MinutesRead: "min read", By: "By", ReviewedBy: "Reviewed by",
		AsOf: "as of", Sources: "Sources", SourcesHere: "Sources on this page", MentionedIn: "Mentioned in", Related: "Related",
		Changes: "Changes", Corrections: "Corrections", Feed: "Atom feed", FeedText: "To be told of changes, follow the", CiteThis: "Cite this", Previous: "Previous", Next: "Next", LastNext: "What changed recently", Timeline: "Timeline",
		WhosWho: "Who’s who", Glossary: "Glossary", Facts: "Facts and figures", Disputed: "Disputed", About: "About",
		AZ: "A–Z of everything", NotFound: "Page not found",
		NotFoundText: "There is no page at this address. It may have moved, or the link may be mistyped.",
		Draft:        "Draft", Established: "Established", Single: "Single source", Withdrawn: "Withdrawn", Stale: "Past its review date",
		Superseded: "Superseded", SeenByUs: "Seen by us", Via: "via", Relies: "Relies on", Taken: "What we take from it",
		Origins: "independent origins", Position: "Position",
		Positions: "Positions", Settle: "What would settle it", Status: "Status", Says: "says", Source: "Source", Label: "What", Value: "Value",
		Unit: "Unit", History: "Earlier values", Used: "Where it is used", Claim: "Claim", Claims: "Disputed claims", Date: "Date",
		DateNotGiven: "Date not given", Due: "due", DateDisputed: "Date disputed", Background: "Background", Brief: "30 seconds", Summary: "3 minutes", Full: "Full", Depth: "How much time do you have?", Minutes: "minutes",
		AllQuestions: "The questions", Latest: "Latest events", TopClaims: "What is disputed", People: "People", Organisations: "Organisations",
		Role: "Role", Aliases: "Also written", SameAs: "See also", Events: "Events", StatedPositions: "Stated positions", Before: "Before",
		After: "After", Data: "Data", Table: "Table", DataCSV: "Download the numbers (CSV)", Note: "Note", BackToText: "Back to the text",
		Gone: "original gone since", Archived: "archived copy", Licence: "Licence", BuiltOn: "Content as of", Explainer: "Explainer", Analysis: "Analysis", Opinion: "Opinion",
		Person: "Person", Organisation: "Organisation", Term: "Term", Event: "Event", Section: "Section", Page: "Page", Fact: "Fact",
		New: "New", Update: "Update", Correction: "Correction", Clarification: "Clarification", WithdrawnChange: "Withdrawn",
		NoCorrections: "No corrections so far.", KeyPoints: "Key points", Answer: "Short answer", Shares: "shares", Name: "name", Names: "names", Terms: "terms", Comma: ",", Semicolon: ";",
		Menu: "Site", InThisExplainer: "In this explainer", Uses: "uses", Numbers: "The numbers", ReadOn: "Read the full answer",
		Certain: "Established", Likely: "Likely", Contested: "Contested", Unclear: "Unclear", Unresolved: "Unresolved", Refuted: "Refuted",
		SingleSource: "Single source", DisputedStatus: "Disputed", DataTable: "The numbers as a table", Chart: "Chart", Embedded: "From",
		Type: "Type", Who: "Who", What: "What happened", When: "When", ReportProblem: "Report a problem", LinkTo: "Link to", Original: "original", Side: "Side", Topics: "Topics",
		Preview: "Preview", OpenPage: "Open page", ToSource: "Go to the list of sources", Close: "Close", Previews: "Previews", On: "on", Off: "off",
		Theme: "Colours", System: "as the system", Light: "light", Dark: "dark",
		SinceRead: "Changed since you last read this page", LastTime: "last time", CopyLink: "Copy a link to this passage", Copied: "Link copied",
		Search: "Search", Results: "Results", NoResult: "Nothing found. The list below has everything from A to Z.", Passage: "in the text", Meant: "Did you mean",
		PrintAll: "Print everything", Card: "Card to share", CardOf: "Part of",
		MovedTo: "This page has moved to", WithdrawnOn: "Withdrawn",
		Volume: "vol. %s", Issue: "no. %s", OnPage: "p. %s", Pages: "pp. %s",
		Download: "Download", ThisVersion: "This version of the text", FactsData: "Every number of this site, with its date, unit, sources and earlier values.",
		ClaimsData: "Every disputed statement, with its status and positions.", SourcesData: "Every source, for reference managers.",
	},
}

// languages lists the languages that have words of their own; the others borrow the English ones.
var languages = map[string]Language{"en": english, "ar": arabic}

// spoken are the same in a fixed order, for texts that may be in any of them.
var spoken = []Language{english, arabic}

var rtl = map[string]bool{"ar": true, "arc": true, "ckb": true, "dv": true, "fa": true, "he": true, "ku": true, "ps": true, "sd": true, "syr": true, "ug": true, "ur": true, "yi": true}

// Role is the word for n people in a role that is a field of CSL, or "" for authors.
func (l Language) Role(role string, n int) string {
	return l.Roles[role].of(l.Tag, n, l.count(n))
}

// HasWords says whether there are words for the language of a BCP 47 tag.
func HasWords(tag string) bool {
	t, err := language.Parse(tag)
	if err != nil {
		return false
	}
	base, _ := t.Base()
	_, ok := languages[base.String()]
	return ok
}

// withWords lists the languages that have words.
func withWords() []string { return slices.Sorted(maps.Keys(languages)) }

// LanguageOf returns the words for a BCP 47 tag. A language without a list gets the English words, its own tag and its
// own direction.
func LanguageOf(tag string) Language {
	if tag == "" {
		tag = "en"
	}
	base := strings.ToLower(strings.SplitN(tag, "-", 2)[0])
	if t, err := language.Parse(tag); err == nil {
		b, _ := t.Base()
		base = b.String()
	}
	l, ok := languages[base]
	if !ok {
		l = english
		l.Dir = "ltr"
	}
	l.Tag = tag
	if rtl[base] {
		l.Dir = "rtl"
	}
	return l
}
