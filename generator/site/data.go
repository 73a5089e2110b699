package site

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
)

// downloads are the files of the records that a made page lists.
func (v *viewer) downloads(kind string) []Download {
	switch kind {
	case "facts":
		return []Download{{"CSV", v.rel("facts.csv"), "text/csv"}, {"JSON", v.rel("facts.json"), "application/json"}}
	case "disputed":
		return []Download{{"JSON", v.rel("claims.json"), "application/json"}}
	case "sources":
		return []Download{{"BibTeX", v.rel("sources.bib"), "application/x-bibtex"}}
	}
	return nil
}

// RecordFile is a file of the output that holds records for programs.
type RecordFile struct {
	Path string
	Text []byte
}

// RecordFiles are facts.json, facts.csv, claims.json, events.json, sources.json and sources.bib, each where there is
// something to put in, and site.json. What they say is what the pages show; no prose counts.
func (s *Site) RecordFiles() []RecordFile {
	var out []RecordFile
	if len(s.Facts) > 0 {
		facts := s.factRecords()
		out = append(out, RecordFile{"facts.csv", factsCSV(facts)}, RecordFile{"facts.json", jsonFile(factsFile{s.header(), facts})})
	}
	if len(s.Claims) > 0 {
		out = append(out, RecordFile{"claims.json", jsonFile(claimsFile{s.header(), s.claimRecords()})})
	}
	if len(s.Events) > 0 {
		out = append(out, RecordFile{"events.json", jsonFile(eventsFile{s.header(), s.eventRecords()})})
	}
	if len(s.Sources) > 0 {
		out = append(out, RecordFile{"sources.bib", s.bibliography()}, RecordFile{"sources.json", jsonFile(sourcesFile{s.header(), s.sourceRecords()})})
	}
	return append(out, RecordFile{"site.json", jsonFile(s.contents())})
}

// The shapes of the files (docs/content/machine.md).
type siteRecord struct {
	Title   string `json:"title"`
	URL     string `json:"url,omitempty"`
	Licence string `json:"licence,omitempty"`
	AsOf    string `json:"as_of,omitempty"`
}

type factsFile struct {
	Site  siteRecord   `json:"site"`
	Facts []factRecord `json:"facts"`
}

type factRecord struct {
	ID          string        `json:"id"`
	URL         string        `json:"url"`
	Label       string        `json:"label"`
	Value       amount        `json:"value"`
	Text        string        `json:"text"`
	Unit        string        `json:"unit,omitempty"`
	Full        string        `json:"full"`
	Approximate bool          `json:"approximate"`
	AsOf        string        `json:"as_of"`
	ReviewAfter string        `json:"review_after,omitempty"`
	Status      string        `json:"status"`
	Reason      string        `json:"reason,omitempty"`
	Quote       string        `json:"quote,omitempty"`
	Sources     []string      `json:"sources"`
	Origins     int           `json:"independent_origins"`
	History     []valueRecord `json:"history,omitempty"`
}

type valueRecord struct {
	Value   amount   `json:"value"`
	Text    string   `json:"text"`
	AsOf    string   `json:"as_of"`
	Sources []string `json:"sources"`
}

type claimsFile struct {
	Site   siteRecord    `json:"site"`
	Claims []claimRecord `json:"claims"`
}

type claimRecord struct {
	ID        string           `json:"id"`
	URL       string           `json:"url"`
	Claim     string           `json:"claim"`
	Status    string           `json:"status"`
	AsOf      string           `json:"as_of,omitempty"`
	Settle    string           `json:"settle,omitempty"`
	Single    bool             `json:"single_source"`
	Positions []positionRecord `json:"positions"`
}

type positionRecord struct {
	Says    string   `json:"says"`
	Who     string   `json:"who"`
	WhoURL  string   `json:"who_url,omitempty"`
	Date    string   `json:"date,omitempty"`
	Sources []string `json:"sources"`
}

// amount is a value as its record has it: a number, or a text.
type amount struct {
	text   string
	number bool
}

// MarshalJSON writes a number with the digits of the record.
func (a amount) MarshalJSON() ([]byte, error) {
	if a.number && json.Valid([]byte(a.text)) {
		return []byte(a.text), nil
	}
	return json.Marshal(a.text)
}

func (s *Site) header() siteRecord {
	return siteRecord{Title: s.Config.Title, URL: s.Base, Licence: s.Config.Licence, AsOf: s.BuiltOn.ISO}
}

func (s *Site) factRecords() []factRecord {
	out := make([]factRecord, 0, len(s.Facts))
	for _, t := range s.Facts {
		f, v := t.Fact, s.viewer(nil, "").fact(t)
		r := factRecord{ID: f.ID, URL: v.URL, Label: v.Label, Value: amount{f.Value, f.Number}, Text: v.Value, Unit: f.Unit, Full: s.full(f, -1), Approximate: f.Approx, AsOf: v.AsOf.ISO,
			ReviewAfter: v.ReviewAfter.ISO, Status: v.Status, Reason: v.Reason, Quote: v.Quote, Sources: idsOf(v.Sources), Origins: v.Origins}
		for i, h := range v.History {
			r.History = append(r.History, valueRecord{Value: amount{f.History[i].Value, f.History[i].Number}, Text: h.Value, AsOf: h.AsOf.ISO, Sources: idsOf(h.Sources)})
		}
		out = append(out, r)
	}
	return out
}

func (s *Site) claimRecords() []claimRecord {
	out := make([]claimRecord, 0, len(s.Claims))
	for _, t := range s.Claims {
		v := s.viewer(nil, "").claim(t)
		r := claimRecord{ID: v.ID, URL: v.URL, Claim: textOf(v.Claim), Status: v.Status, AsOf: v.AsOf.ISO, Settle: textOf(v.Settle), Single: v.Single, Positions: []positionRecord{}}
		for _, p := range v.Positions {
			r.Positions = append(r.Positions, positionRecord{Says: textOf(p.Says), Who: p.Who, WhoURL: p.WhoURL, Date: p.Date.ISO, Sources: idsOf(p.Sources)})
		}
		out = append(out, r)
	}
	return out
}

func idsOf(sources []SourceView) []string {
	out := []string{}
	for _, src := range sources {
		out = append(out, src.ID)
	}
	return out
}

func jsonFile(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic("site: a file of records: " + err.Error()) // texts and numbers can be written
	}
	return b.Bytes()
}

// factsCSV has a line for each current value; lists are separated by ; as in the writer's own tables.
func factsCSV(facts []factRecord) []byte {
	rows := [][]string{strings.Fields("id label value text unit approximate as_of status sources url")}
	for _, f := range facts {
		rows = append(rows, []string{f.ID, f.Label, f.Value.text, f.Text, f.Unit, strconv.FormatBool(f.Approximate), f.AsOf, f.Status, strings.Join(f.Sources, ";"), f.URL})
	}
	return csvFile(rows)
}

// csvFile writes a table for download. A text that a spreadsheet would run as a formula gets a ' in front, which shows it
// as text (OWASP, "CSV Injection"); a number stays a number.
func csvFile(rows [][]string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		safe := slices.Clone(row)
		for i, text := range safe {
			if _, is := number(text); !is && strings.IndexAny(text, "=+-@\t\r\n＝＋－＠") == 0 {
				safe[i] = "'" + text
			}
		}
		_ = w.Write(safe) // a buffer takes everything
	}
	w.Flush()
	return b.Bytes()
}

// bibTypes are the kinds of source as BibTeX calls them; the rest is misc.
var bibTypes = map[string]string{"article-newspaper": "article", "article-magazine": "article", "article-journal": "article", "article": "article", "book": "book",
	"chapter": "incollection", "report": "techreport", "thesis": "phdthesis"}

// bibliography is every source in BibTeX, in the order of the sources page.
func (s *Site) bibliography() []byte {
	var b bytes.Buffer
	keys := map[string]int{}
	for _, t := range s.Sources {
		src := t.Source
		kind := cmp.Or(bibTypes[src.Type], "misc")
		key := bibKey(t.ID)
		if keys[strings.ToLower(key)]++; keys[strings.ToLower(key)] > 1 {
			key += "-" + strconv.Itoa(keys[strings.ToLower(key)])
		}
		fmt.Fprintf(&b, "@%s{%s", kind, key)
		field := func(name, value string) { bibField(&b, name, value) }
		var authors []string
		for _, a := range src.Authors {
			authors = append(authors, bibName(a))
		}
		field(bibRoles[src.Role], strings.Join(authors, " and "))
		if src.Title.Text != "" {
			field("title", "{"+bibRich(src.Title)+"}") // as it is written, whatever the style does to titles
		}
		container := map[string]string{"article": "journal", "incollection": "booktitle"}[kind]
		field(cmp.Or(container, "howpublished"), bibRich(src.Container))
		field(cmp.Or(map[string]string{"techreport": "institution", "phdthesis": "school"}[kind], "publisher"), bibText(src.Publisher))
		field("volume", bibText(src.Volume))
		field("number", bibText(src.Issue))
		field("pages", strings.ReplaceAll(bibText(src.Page), "–", "--"))
		s.bibDate(&b, src.Issued)
		field("doi", bibAddress(src.DOI))
		field("isbn", bibText(src.ISBN))
		if isWeb(src.URL) {
			field("url", bibAddress(src.URL))
			field("urldate", src.Accessed.EDTF())
		}
		field("language", bibText(src.Lang))
		note := src.Note
		if chain := s.viewer(nil, "").source(t).Chain; chain != "" && src.Unseen {
			note = strings.TrimSpace(chain + ". " + note)
		}
		field("note", bibText(note))
		b.WriteString("\n}\n\n")
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n')
}

// bibRoles are the fields of BibLaTeX for those who stand where an author would.
var bibRoles = map[string]string{"": "author", "editor": "editor", "collection-editor": "editor", "editorial-director": "editor", "editor-translator": "editor",
	"translator": "translator", "director": "author"}

func bibName(p content.Person) string {
	if p.Others() {
		return "others"
	}
	family := bibText(p.Surname())
	switch {
	case p.Literal != "":
		return "{" + bibText(p.Literal) + "}"
	case p.Given == "" || p.Family == "":
		return "{" + family + "}"
	case p.Suffix != "":
		family += ", " + bibText(p.Suffix)
	}
	return family + ", " + bibText(strings.TrimSpace(p.Given+" "+p.Dropping))
}

var bibTags = strings.NewReplacer("<i>", `\emph{`, "<b>", `\textbf{`, "<sub>", `\textsubscript{`, "<sup>", `\textsuperscript{`, `<span class="sc">`, `\textsc{`,
	"</i>", "}", "</b>", "}", "</sub>", "}", "</sup>", "}", "</span>", "}")

// bibRich writes a text with its markup for TeX.
func bibRich(t content.RichText) string {
	if t.HTML == "" {
		return bibText(t.Text)
	}
	var b strings.Builder
	for rest := t.HTML; rest != ""; {
		open, shut := strings.IndexByte(rest, '<'), strings.IndexByte(rest, '>')
		if open < 0 {
			open, shut = len(rest), len(rest)-1
		}
		b.WriteString(bibText(unmarked(rest[:open])) + bibTags.Replace(rest[open:shut+1]))
		rest = rest[shut+1:]
	}
	return b.String()
}

// bibDate writes when a source appeared: date as BibLaTeX reads it (EDTF), year for BibTeX in words where it is no number.
func (s *Site) bibDate(b *bytes.Buffer, at content.SourceDate) {
	d := at.Plain()
	if d.IsZero() {
		bibField(b, "year", bibText(s.Lang.FormatSourceDate(at)))
		bibField(b, "date", at.EDTF())
		return
	}
	y, m, day := d.Parts()
	bibField(b, "year", strconv.Itoa(y))
	bibField(b, "date", d.ISO)
	if m > 0 {
		fmt.Fprintf(b, ",\n  month = %s", [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}[m-1])
	}
	if day > 0 {
		bibField(b, "day", strconv.Itoa(day))
	}
}

// bibField writes a field of an entry, unless it is empty.
func bibField(w io.Writer, name, value string) {
	if name != "" && value != "" {
		fmt.Fprintf(w, ",\n  %s = {%s}", name, value)
	}
}

// bibTeX is how a page itself is cited, for reference managers; "" for one that says no date.
func bibTeX(p *Page, out *View) string {
	if out.Published.ISO == "" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s", bibKey(cmp.Or(strings.ReplaceAll(strings.Trim(p.URL, "/"), "/", "-"), content.Slug(out.Site.Title))))
	var authors []string
	for _, a := range out.Authors {
		authors = append(authors, "{"+bibText(a.Name)+"}")
	}
	bibField(&b, "author", strings.Join(authors, " and "))
	bibField(&b, "title", "{"+bibText(out.Title)+"}")
	if out.Title != out.Site.Title {
		bibField(&b, "howpublished", bibText(out.Site.Title))
	}
	day := cmp.Or(out.Updated.ISO, out.Published.ISO)
	bibField(&b, "year", day[:4])
	bibField(&b, "date", day)
	bibField(&b, "url", bibAddress(out.Canonical))
	return b.String() + "\n}"
}

// bibKey is an id without what ends a key.
func bibKey(id string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune(`{}(),=#%"'~\@`, r) {
			return '-'
		}
		return r
	}, id)
}

var bibEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "%", `\%`, "&", `\&`, "$", `\$`, "#", `\#`, "_", `\_`, "~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "\n", " ", "\r", "")

// bibText writes text for TeX.
func bibText(s string) string { return bibEscapes.Replace(s) }

// bibAddress writes an address, which is not read as TeX but must not end the field.
func bibAddress(s string) string {
	return strings.NewReplacer("{", "%7B", "}", "%7D", `\`, "%5C", " ", "%20").Replace(s)
}
