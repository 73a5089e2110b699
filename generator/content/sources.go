package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/diag"
)

// Source is one CSL record; docs/content/sections/sources-and-citations.md says what its fields mean.
type Source struct {
	ID        string
	Names     []Named // other names by which it can be cited: its citation key, or an id that is an address
	Span      diag.Span
	Type      string
	Title     RichText
	Authors   []Person
	Role      string // what the authors are, where nobody wrote it: a field of CSL such as editor
	Container RichText
	Publisher string
	Genre     string
	Volume    string
	Issue     string
	Page      string
	Issued    SourceDate
	Accessed  SourceDate
	URL       string // made of the DOI where the record has none
	URLSpan   diag.Span
	DOI       string // "10.1000/182"
	ISBN      string
	Archive   string
	Note      string // for readers: custom.note; the note of a reference manager is for its owner
	Lang      string // BCP 47
	Seen      bool   // the record says that we read it
	Unseen    bool   // the record says that we did not
	Via       []int  // refs
	Whole     bool   // other sources are parts of it and take fields from it: the book of a chapter, in BibTeX
}

// cslKnown are the variables of CSL 1.0.2 that we do not use but know, and what Zotero, Better BibTeX, Mendeley and Crossref
// write beside them: what programs export is no slip.
var cslKnown = strings.Fields(`abstract annote archive archive-place archive_collection authority call-number chapter-number
	citation-number collection-number collection-title container-title-short dimensions division edition
	event event-date event-place event-title first-reference-note-number ISSN journalAbbreviation jurisdiction keyword
	locator medium number number-of-pages number-of-volumes original-date original-publisher original-title original-publisher-place
	page-first part-number part-title PMCID PMID printing-number publisher-place references reviewed-genre reviewed-title scale
	section shortTitle source status submitted supplement-number title-short version volume-title volume-title-short year-suffix
	available-date categories translator system_id container original-language accessDate number-of-issues
	license file GSCC GSID keywords tags collections attachments relations seeAlso notes key itemKey itemID itemType libraryID uri uris
	dateAdded dateModified select zoteroSelect zotero-key groups arXiv arxiv eprint eprinttype archivePrefix primaryClass copyright timestamp rights
	_id _rev _graph bibtex suppress-author author-only locators position prefix suffix label
	indexed reference-count references-count publisher-location content-domain short-container-title published-print published-online published-other published created deposited
	score member reference is-referenced-by-count subtitle short-title link resource relation subject funder journal-issue alternative-id
	assertion update-policy update-to isbn-type issn-type article-number approved content-created content-updated posted institution
	aliases event-location standards-body clinical-trial-number degree group-title proceedings-subject edition-number special-numbering free-to-read`)

// sourceList finds the sources in a file of them: a list, one source alone, or what tools put around a list.
func (r *records) sourceList(v value) ([]value, bool) {
	for range 2 {
		if v.kind != kTable {
			break
		}
		for _, k := range []string{"references", "items", "citationItems", "bibliography"} {
			if list, ok := v.get(k); ok && (list.kind == kList || list.kind == kTable) {
				v = list
				break
			}
		}
	}
	if v.kind == kTable && len(v.keys) > 0 {
		if _, typed := v.get("type"); typed {
			return []value{v}, true
		}
		return nil, false
	}
	var out []value
	for _, e := range v.list {
		if data, ok := e.get("itemData"); ok && data.kind == kTable { // of a document with citations
			if id, ok := e.get("id"); ok && data.find("id") < 0 {
				data.keys = append(slices.Clone(data.keys), entry{"id", id.span, id})
			}
			e = data
		}
		out = append(out, e)
	}
	return out, v.kind == kList || v.kind == kNull
}

func (r *records) sources(v value) {
	list, ok := r.sourceList(v)
	if !ok {
		r.b.add("bad-record", v.span, "CSL-JSON is [ {…}, {…} ]; CSL-YAML starts with references:", "this is not a list of sources")
		return
	}
	for _, e := range list {
		if e.kind != kTable {
			r.b.add("bad-record", e.span, "", "a source is a table of fields, not %s", e.kind)
			continue
		}
		r.source(r.withExtra(e))
	}
	r.tellUnknown()
}

func (r *records) source(e value) {
	id, _ := e.get("id")
	f := r.fields(e, fmt.Sprintf("the source %q", id.text))
	f.severity = diag.Warning // a type that is not as it should be loses one field
	s := r.sourceNames(f, e)
	f.what = fmt.Sprintf("the source %q", s.ID)
	s.Type = f.one("type").Text
	s.Title, s.Container = readRich(f.one("title").Text, r.markdown), readRich(f.one("container-title").Text, r.markdown)
	text := func(key string) string { return readRich(f.one(key).Text, r.markdown).Text }
	s.Publisher, s.Genre, s.Volume, s.Issue, s.ISBN = text("publisher"), text("genre"), text("volume"), text("issue"), text("ISBN")
	s.Page = numberRange(text("page"))
	s.Issued, s.Accessed = r.sourceDate(f, "issued"), r.sourceDate(f, "accessed")
	s.Lang = languageTag(f.one("language").Text)
	r.links(f, &s)
	for _, role := range creators {
		if p := r.people(f, role); len(p) > 0 && len(s.Authors) == 0 {
			s.Authors = p
			if role != "author" {
				s.Role = role
			}
		}
	}
	f.get("note")
	s.Whole = f.flag("whole")
	if c, ok := f.get("custom"); ok && c.kind == kTable {
		r.custom(f, c, &s)
	} else if ok {
		f.wrong("custom", c, "a table with seen, via or note")
	}
	f.severity = diag.Default
	if f.need("type"); s.ID == "" {
		f.need("id")
	}
	if s.Title.Text == "" && s.Container.Text == "" && s.Publisher == "" {
		if len(s.Authors) > 0 || s.Genre != "" { // enough to list it
			f.severity = diag.Warning
		}
		f.need("title")
	}
	known := append(f.known, cslKnown...)
	for _, k := range e.keys {
		if slices.Contains(known, k.key) {
			continue
		}
		if near := diag.Suggest(k.key, known); near != "" && diag.Near(k.key, near, 2) {
			r.warn("unknown-key", k.span, fmt.Sprintf("did you mean %q?", near), "%s has no key %q", f.what, k.key)
			continue
		}
		r.unknown(k, "a source", "nothing is done with it; what is for your own use may stay in note")
	}
	r.d.Sources = append(r.d.Sources, s)
}

// itemID is an id that a program gave an item: an address in Zotero, or numbers.
var itemID = regexp.MustCompile(`://|^[0-9]+(?:/[A-Z0-9]{8})?$`)

// sourceNames reads what a source is called: its id, and the citation key beside it. A key is the better name where a program
// made the id.
func (r *records) sourceNames(f *fields, e value) Source {
	var s Source
	id, key := f.one("id"), f.one("citation-key")
	if label := f.one("citation-label"); key.Text == "" {
		key = label
	}
	for _, n := range []*Named{&id, &key} {
		n.Text = strings.TrimPrefix(n.Text, "@")
	}
	if key.Text != "" && (id.Text == "" || itemID.MatchString(id.Text)) {
		id, key = key, id
	}
	s.ID, s.Span = id.Text, id.Span
	if s.Span.File == "" {
		s.Span = e.span
	}
	r.id(s.ID, s.Span)
	if key.Text != "" && key.Text != s.ID {
		s.Names = append(s.Names, key)
	}
	for _, n := range f.strs("ids") { // BibLaTeX
		if n.Text != s.ID && n.Text != key.Text {
			s.Names = append(s.Names, n)
		}
	}
	return s
}

var doiForm = regexp.MustCompile(`^(?i:doi:\s*|https?://(?:dx\.|www\.)?doi\.org/|doi\.org/|DOI\s+)?(10\.\d{4,9}(?:\.\d+)*/\S+)$`)

// links reads the addresses of a source: its own, that of its DOI, that of a copy.
func (r *records) links(f *fields, s *Source) {
	for key, to := range map[string]*string{"URL": &s.URL, "archive_location": &s.Archive} {
		n := f.one(key)
		if scheme := schemeOf(n.Text); scheme == "http" || scheme == "https" {
			*to = n.Text
		} else if n.Text != "" && key == "URL" {
			if scheme == "" || scheme == "ftp" { // www.example.org
				f.severity = diag.Warning
			} else {
				f.severity = diag.Default
			}
			f.add("unsafe-url", n.Span, "write the whole address, with https://", "the address of a source is a web address")
			f.severity = diag.Warning
		}
		if key == "URL" {
			s.URLSpan = n.Span
		}
	}
	doi := f.one("DOI")
	if doi.Text == "" {
		return
	}
	m := doiForm.FindStringSubmatch(doi.Text)
	if m == nil {
		r.warn("bad-record", doi.Span, "a DOI starts with 10. and has a slash: 10.1000/182", "%q is not a DOI, so nothing is made of it", doi.Text)
		return
	}
	s.DOI = m[1]
	if u := doiForm.FindStringSubmatch(s.URL); s.URL == "" || u != nil && strings.EqualFold(u[1], s.DOI) { // one link is enough
		s.URL, s.URLSpan = DOIAddress(s.DOI), doi.Span
	}
}

// DOIAddress is where a DOI leads (DOI handbook, 3.7.3): what would end the address or start its next part is escaped.
func DOIAddress(doi string) string {
	return "https://doi.org/" + strings.NewReplacer("%", "%25", "#", "%23", "?", "%3F", "<", "%3C", ">", "%3E", `"`, "%22", "{", "%7B", "}", "%7D", "^", "%5E", "[", "%5B", "]", "%5D", "`", "%60", "|", "%7C", `\`, "%5C").Replace(doi)
}

// custom reads what we say of a source beyond CSL.
func (r *records) custom(f *fields, c value, s *Source) {
	cf := r.fields(c, fmt.Sprintf("custom of the source %q", s.ID))
	if seen, has := c.get("seen"); has && seen.kind != kNull {
		s.Seen = cf.flag("seen")
		s.Unseen = !s.Seen
	}
	s.Via = r.b.named(RefCite, cf.strs("via"))
	s.Note = cf.str("note").Text
	if s.Unseen && len(s.Via) == 0 {
		f.severity = diag.Default
		f.add("incomplete-record", c.span, `add "via": the id of the source that told us`, "we did not see the source %q and do not say through whom we know it", s.ID)
	}
	for _, k := range c.keys { // other programs keep theirs here, too
		if near := diag.Suggest(k.key, []string{"seen", "via", "note"}); near != "" && near != k.key && diag.Near(k.key, near, 2) {
			r.warn("unknown-key", k.span, fmt.Sprintf("did you mean %q?", near), "%s has no key %q", cf.what, k.key)
		}
	}
}

// extraLine is a line of the field Extra of Zotero, which exports it as note: "issued: 1999", or {:issued: 1999} before.
var extraLine = regexp.MustCompile(`^(?:\{:)?([A-Za-z][A-Za-z _-]*?)\s*:\s*([^}]*?)\}?$`)

// extraFields are the fields that a line of Extra may give. Two of them count more than the field itself, as in Zotero.
var extraFields = strings.Fields("issued type accessed citation-key DOI ISBN container-title publisher volume issue page genre language URL original-date")

// withExtra is a source with the fields that its note gives.
func (r *records) withExtra(e value) value {
	note, ok := e.get("note")
	if !ok || note.kind != kText {
		return e
	}
	keys := slices.Clone(e.keys)
	for _, line := range strings.Split(note.text, "\n") {
		m := extraLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || m[2] == "" {
			continue
		}
		name := strings.NewReplacer(" ", "-", "_", "-").Replace(strings.ToLower(m[1]))
		i := slices.IndexFunc(extraFields, func(k string) bool { return strings.EqualFold(k, name) })
		if i < 0 {
			continue
		}
		name = extraFields[i]
		have := slices.IndexFunc(keys, func(k entry) bool { return k.key == name })
		add := entry{name, note.span, value{kind: kText, text: m[2], span: note.span}}
		switch {
		case have < 0:
			keys = append(keys, add)
		case name == "issued" || name == "type" && english.SourceKinds[m[2]] != "":
			keys[have] = add
		}
	}
	e.keys, e.index = keys, nil
	return e
}

// one is str for what some programs write as a list of one.
func (f *fields) one(key string) Named {
	if v, ok := f.v.get(key); ok && v.kind == kList {
		f.known = append(f.known, key)
		if len(v.list) == 0 {
			return Named{}
		}
		if v = f.unquoted(v.list[0]); v.kind != kList && v.kind != kTable {
			return Named{strings.TrimSpace(v.text), v.span}
		}
	}
	return f.str(key)
}

// numberRange writes a range of numbers with a dash.
func numberRange(s string) string { return hyphenRange.ReplaceAllString(s, "$1–$2") }

var hyphenRange = regexp.MustCompile(`(\d)\s*--?\s*(\d)`)

func (r *records) warn(code string, span diag.Span, hint, format string, args ...any) {
	r.b.out = append(r.b.out, diag.Finding{Severity: diag.Warning, Code: code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// unknowns is a field that nothing is known of, and how often it stands in the file.
type unknowns struct {
	finding diag.Finding
	times   int
}

// unknown counts a field that nothing is known of: a program writes it into every record, and one finding tells it.
func (r *records) unknown(e entry, what, hint string) {
	for i := range r.strange {
		if r.strange[i].finding.Message == fmt.Sprintf("%s has no key %q", what, e.key) {
			r.strange[i].times++
			return
		}
	}
	r.strange = append(r.strange, unknowns{diag.Finding{Severity: diag.Warning, Code: "unknown-key", Span: e.span, Message: fmt.Sprintf("%s has no key %q", what, e.key), Hint: hint}, 1})
}

func (r *records) tellUnknown() {
	for _, u := range r.strange {
		if u.times > 1 {
			u.finding.Message += fmt.Sprintf(", which stands in this file %d times", u.times)
		}
		r.b.out = append(r.b.out, u.finding)
	}
	r.strange = nil
}
