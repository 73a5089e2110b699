package diff

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
	"gloss/generator/site"
)

// model is what one output says.
type model struct {
	site                           []Field
	lang                           content.Language
	base, licence                  string
	facts, claims, events, sources []record
	redirects, changes, files      []record
	pages                          []*page // in reading order
	byURL                          map[string]*page
	sourceTexts                    []sourceText      // longest first
	asOf                           map[string]string // fact → the date of its value, in words
}

// record is anything with an id: its fields in words, in the order in which they are told.
type record struct {
	id, title, url, text string
	fields               []Field // Old is empty
}

type sourceText struct{ text, id string }

// page is one page with its text as markdown. What it says is read when it is first asked for.
type page struct {
	url, title, kind string
	fields           []Field // what it shows beside its text
	twin             []byte
	said             []unit
	read             bool
}

// unit is a sentence, a heading, a row of a table or a line of code.
type unit struct {
	text  string
	under string // the heading that it stands under
	head  bool   // it is one
	links []link
	cites []string // sources, with the place in them
}

// link is a link or image inside a unit.
type link struct {
	from, to int    // of the words, in the unit's text
	target   string // from the site's root, or outside
	image    bool
}

// The shapes of the files that are read: only what is compared (docs/content/machine.md).
type (
	siteJSON struct {
		Site struct {
			Title, URL, Licence string
		}
		Language, Description string
		Pages                 []pageJSON
		Changes               []struct{ Date, Kind, URL, Text string }
	}
	pageJSON struct {
		URL, Title, Kind, Certainty, Dateline, Side string
		Aliases                                     []string
		WhoKind                                     string   `json:"who_kind"`
		SameAs                                      []string `json:"same_as"`
		ReviewedBy                                  []string `json:"reviewed_by"`
	}
	factJSON struct {
		ID, URL, Label, Text, Unit, Full, Status, Reason, Quote string
		AsOf                                                    string `json:"as_of"`
		ReviewAfter                                             string `json:"review_after"`
		Sources                                                 []string
		History                                                 []struct {
			Text    string
			AsOf    string `json:"as_of"`
			Sources []string
		}
	}
	claimJSON struct {
		ID, URL, Claim, Status, Settle string
		AsOf                           string `json:"as_of"`
		Positions                      []struct {
			Says, Who, Date string
			Sources         []string
		}
	}
	eventJSON struct {
		ID, URL, Title, Date, When, Origin string
		Who                                []struct{ Name string }
		Sources, Tags                      []string
		Planned, Disputed                  bool
	}
	sourceJSON struct {
		ID, URL, Text, Kind, Link, Archive, Chain, Note string
		Seen                                            *bool
	}
)

// ErrNoList is the error of an output that does not say what it holds.
var ErrNoList = errors.New("there is no site.json in it")

// read makes the model of an output.
func read(files map[string][]byte) (*model, error) {
	m := &model{byURL: map[string]*page{}, asOf: map[string]string{}}
	var s siteJSON
	if files["site.json"] == nil {
		return nil, ErrNoList
	}
	if err := decode(files, "site.json", &s); err != nil {
		return nil, err
	}
	m.lang, m.base, m.licence = content.LanguageOf(s.Language), s.Site.URL, s.Site.Licence
	m.site = fields("title", s.Site.Title, "address", s.Site.URL, "language", s.Language, "description", s.Description, "licence", s.Site.Licence)
	for _, p := range s.Pages {
		q := &page{url: strings.TrimPrefix(p.URL, "./"), title: p.Title, kind: p.Kind, fields: fields("also called", strings.Join(p.Aliases, "; "), "certainty", p.Certainty, "dateline", p.Dateline, "side", p.Side, "kind", p.WhoKind,
			"same as", strings.Join(p.SameAs, "; "), "reviewed by", strings.Join(p.ReviewedBy, "; "))}
		q.twin = files[path.Join(q.url, site.TwinName)]
		m.pages, m.byURL[q.url] = append(m.pages, q), q
	}
	for _, c := range s.Changes {
		m.changes = append(m.changes, record{id: strings.Join([]string{c.Date, c.Kind, c.URL, c.Text}, "\n"), title: c.Date + ", " + c.Kind, url: c.URL, text: c.Text})
	}
	var moves site.Manifest
	if err := decode(files, site.AddressFile, &moves); err != nil {
		return nil, err
	}
	for _, from := range slices.Sorted(maps.Keys(moves.Moved)) {
		m.redirects = append(m.redirects, record{id: from, title: "/" + from, text: "/" + moves.Moved[from], fields: fields("to", "/"+moves.Moved[from])})
	}
	for _, gone := range moves.Withdrawn {
		m.redirects = append(m.redirects, record{id: gone, title: "/" + gone, text: "withdrawn", fields: fields("to", "withdrawn")})
	}
	if err := m.readRecords(files); err != nil {
		return nil, err
	}
	m.readFiles(files)
	return m, nil
}

func decode(files map[string][]byte, name string, v any) error {
	if files[name] == nil {
		return nil
	}
	if err := json.Unmarshal(files[name], v); err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	return nil
}

func (m *model) readRecords(files map[string][]byte) error {
	var f struct{ Facts []factJSON }
	var c struct{ Claims []claimJSON }
	var e struct{ Events []eventJSON }
	var s struct{ Sources []sourceJSON }
	if err := errors.Join(decode(files, "facts.json", &f), decode(files, "claims.json", &c), decode(files, "events.json", &e), decode(files, "sources.json", &s)); err != nil {
		return err
	}
	for _, x := range f.Facts {
		value := cmp.Or(x.Full, strings.TrimSpace(x.Text+" "+x.Unit)) // outputs of before have no full
		m.asOf[x.ID] = m.date(x.AsOf)
		var past []string
		for _, h := range x.History {
			past = append(past, h.Text+" ("+strings.Join(append([]string{h.AsOf}, h.Sources...), ", ")+")")
		}
		m.facts = append(m.facts, record{x.ID, x.Label, x.URL, value + ", " + m.date(x.AsOf), fields("label", x.Label, "value", value, "as of", x.AsOf, "status", x.Status, "reason", x.Reason,
			"review after", x.ReviewAfter, "quotation", x.Quote, "sources", list(x.Sources), "earlier values", strings.Join(past, "; "))})
	}
	for _, x := range c.Claims {
		r := record{x.ID, x.Claim, x.URL, x.Status, fields("claim", x.Claim, "status", x.Status, "as of", x.AsOf, "what would settle it", x.Settle)}
		seen := map[string]int{}
		for _, p := range x.Positions {
			name := strings.TrimSuffix("position of "+p.Who+", "+p.Date, ", ")
			if seen[name]++; seen[name] > 1 {
				name += " (" + strconv.Itoa(seen[name]) + ")"
			}
			r.fields = append(r.fields, fields(name, p.Says, name+", sources", list(p.Sources))...)
		}
		m.claims = append(m.claims, r)
	}
	for _, x := range e.Events {
		var who []string
		for _, w := range x.Who {
			who = append(who, w.Name)
		}
		m.events = append(m.events, record{x.ID, x.Title, x.URL, x.When, fields("title", x.Title, "date", cmp.Or(x.When, x.Date), "who", strings.Join(who, "; "), "sources", list(x.Sources), "tags", list(x.Tags),
			"origin", x.Origin, "planned", yes(x.Planned), "disputed", yes(x.Disputed))})
	}
	for _, x := range s.Sources {
		m.sources = append(m.sources, record{x.ID, x.Text, x.URL, x.Link, fields("text", x.Text, "kind", x.Kind, "link", x.Link, "archived copy", x.Archive, "seen", said(x.Seen), "known through", x.Chain, "note", x.Note)})
		m.sourceTexts = append(m.sourceTexts, sourceText{squeeze(x.Text), x.ID})
	}
	slices.SortStableFunc(m.sourceTexts, func(a, b sourceText) int { return cmp.Compare(len(b.text), len(a.text)) })
	return nil
}

// shown are the kinds of file that a reader sees or takes home and that no text stands for. What is made of the site, such
// as the pictures for links to it, stands in folders whose names start with _.
var shown = []string{".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".pdf", ".mp4", ".webm", ".mov", ".mp3", ".ogg", ".wav", ".m4a"}

func (m *model) readFiles(files map[string][]byte) {
	for name, data := range files {
		if !strings.HasPrefix(name, "_") && slices.Contains(shown, strings.ToLower(path.Ext(name))) {
			m.files = append(m.files, record{id: name, title: name, url: name, fields: []Field{{Name: "bytes", New: string(data)}}})
		}
	}
	slices.SortFunc(m.files, func(a, b record) int { return cmp.Compare(a.id, b.id) })
}

// fields makes fields of names and values by turns; those without a value are left out.
func fields(pairs ...string) []Field {
	var out []Field
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, Field{Name: pairs[i], New: pairs[i+1]})
		}
	}
	return out
}

func list(ids []string) string { return strings.Join(ids, ", ") }

// said is what a record says of something that it may leave open.
func said(b *bool) string {
	switch {
	case b == nil:
		return ""
	case *b:
		return "yes"
	}
	return "no"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// date writes an ISO date in the site's words.
func (m *model) date(iso string) string {
	d, _ := content.ParseDate(iso)
	return m.lang.FormatDate(d)
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// units are what a page says, in order. They are read from its markdown with the parser that reads the writer's, so that
// no layout has a part in them. Left out is what other parts of the report tell: the title, the list of sources, the list
// of all questions, the address and the licence.
func (m *model) units(p *page) []unit {
	if p.read {
		return p.said
	}
	p.read = true
	doc := m.parse(p.twin)
	blocks := doc.Blocks
	for range 2 { // the last two lines
		if n := len(blocks); n > 0 && (blocks[n-1].Text == m.base+site.EscapePath(p.url) && m.base != "" || m.licence != "" && blocks[n-1].Text == squeeze(m.lang.UI.Licence+": "+m.licence)) {
			blocks = blocks[:n-1]
		}
	}
	sources := -1
	for i, b := range blocks {
		if b.Kind == "heading" && b.Text == m.lang.UI.SourcesHere {
			sources = i
		}
	}
	var cited []string // the ids of the numbered sources
	if sources >= 0 {
		for _, b := range blocks[sources+1:] {
			if b.Kind == "item" {
				cited = append(cited, m.sourceOf(b.Text))
			}
		}
		blocks = blocks[:sources]
	}
	r := reader{model: m, page: p, cited: cited}
	for i, b := range blocks {
		if b.Kind == "heading" {
			r.under = ""
			r.block(b.Text, true, doc.refsOf(i))
			r.out[len(r.out)-1].head = true
			r.under = b.Text
			continue
		}
		if b.Kind != "item" && (r.under == m.lang.UI.KeyPoints || r.under == m.lang.UI.Numbers) {
			r.under = "" // the body goes on after these lists without a heading of its own
		}
		if p.kind == string(content.Overview) && r.under == m.lang.UI.AllQuestions {
			continue
		}
		source := p.twin[min(b.Span.Start, len(p.twin)):min(b.Span.End, len(p.twin))]
		switch b.Kind {
		case "table":
			r.table(source)
		case "code":
			for _, line := range strings.Split(strings.Trim(string(source), "\n"), "\n") {
				r.out = append(r.out, unit{text: strings.TrimRight(line, " \t\r"), under: r.under})
			}
		default:
			r.block(b.Text, false, doc.refsOf(i))
		}
	}
	r.out = slices.DeleteFunc(r.out, func(u unit) bool { return u.text == "" && len(u.links) == 0 })
	p.said = r.out
	return p.said
}

// parsed is a page's markdown, read.
type parsed struct{ content.Doc }

func (m *model) parse(twin []byte) parsed {
	return parsed{content.ParseDoc(content.DocInput{File: content.File{Name: "content/page.md", Text: twin}, Settings: content.Settings{Language: m.lang.Tag}}).Doc}
}

// refsOf are the links and images of a block.
func (d parsed) refsOf(block int) []content.Ref {
	var out []content.Ref
	for _, r := range d.Refs {
		if r.Block == block && (r.Kind == content.RefLink || r.Kind == content.RefExternal || r.Kind == content.RefImage) {
			out = append(out, r)
		}
	}
	return out
}

// sourceOf finds the source that a line of a page's list is about; a line that no record begins stands for itself.
func (m *model) sourceOf(line string) string {
	line = squeeze(line)
	for _, s := range m.sourceTexts {
		if s.text != "" && strings.HasPrefix(line, s.text) {
			return s.id
		}
	}
	return line
}

// reader gathers the units of one page.
type reader struct {
	*model
	page  *page
	cited []string
	under string
	out   []unit
}

// table reads each row of a table as a paragraph of its own, since a row is what an editor looks for.
func (r *reader) table(source []byte) {
	var b bytes.Buffer
	for i, line := range bytes.Split(bytes.TrimSpace(source), []byte("\n")) {
		if i == 1 { // the line of dashes
			continue
		}
		cells := cell.Split(strings.Trim(strings.Trim(strings.ReplaceAll(string(line), `\|`, "\x01"), "> \t\r"), "|"), -1)
		for j := range cells {
			cells[j] = strings.TrimSpace(cells[j])
		}
		b.WriteString("&#8203;" + strings.ReplaceAll(strings.Join(cells, " · "), "\x01", "|") + "\n\n")
	}
	doc := r.parse(b.Bytes())
	for i, row := range doc.Blocks {
		r.block(row.Text, true, doc.refsOf(i))
	}
}

var cell = regexp.MustCompile(`\|`)

// cites is a group of citations: [1, para. 12; see 2].
var cites = regexp.MustCompile(`[ \x{a0}]?\[([^\[\]]*\d[^\[\]]*)\]`)

var citeItem = regexp.MustCompile(`^(?:(.*?)\s)??(\d+)((?:, ).*)?$`)

// block adds the sentences of a block, or with whole its text as one.
func (r *reader) block(text string, whole bool, refs []content.Ref) {
	// The citations go first, whose dots would end sentences and whose numbers are another page's matter.
	type mark struct {
		at   int
		what []string
	}
	var marks []mark
	var cuts [][2]int // of the old text
	var b strings.Builder
	last := 0
	for _, at := range cites.FindAllStringSubmatchIndex(text, -1) {
		what := r.citations(text[at[2]:at[3]])
		if what == nil {
			continue
		}
		b.WriteString(text[last:at[0]])
		last = at[1]
		cuts = append(cuts, [2]int{at[0], at[1]})
		marks = append(marks, mark{b.Len(), what})
	}
	b.WriteString(text[last:])
	plain := b.String()
	moved := func(at int) int {
		n := at
		for _, c := range cuts {
			if at >= c[1] {
				n -= c[1] - c[0]
			} else if at > c[0] {
				n -= at - c[0]
			}
		}
		return n
	}
	for from := 0; from < len(plain) || from == 0; {
		start, end := 0, len(plain)
		if !whole {
			start, end = content.Sentence(plain, from, min(from+1, len(plain)))
		}
		if end <= from && from > 0 {
			break
		}
		u := unit{text: squeeze(strings.ReplaceAll(plain[start:end], "\u200b", "")), under: r.under}
		for _, m := range marks {
			if m.at > start && m.at <= end || m.at == 0 && start == 0 {
				u.cites = append(u.cites, m.what...)
			}
		}
		for _, ref := range refs {
			f, t := moved(ref.From), moved(ref.To)
			if f < start || f >= end && !(f == end && end == len(plain)) {
				continue
			}
			l := link{from: f - start, to: max(f, min(t, end)) - start, image: ref.Kind == content.RefImage}
			l.target = ref.Target
			if ref.Kind != content.RefExternal && !strings.Contains(ref.Target, ":") {
				l.target = resolve(r.page.url, ref.Target)
			}
			if ref.Fragment != "" {
				l.target += "#" + ref.Fragment
			}
			u.links = append(u.links, l)
		}
		if u.text != plain[start:end] { // white space was squeezed: the places of the words no longer hold
			for i, l := range u.links {
				words := squeeze(plain[start+l.from : start+l.to])
				at := max(0, strings.Index(u.text, words))
				u.links[i].from, u.links[i].to = at, at+len(words)
			}
		}
		r.out = append(r.out, u)
		for from = max(end, from+1); from < len(plain) && plain[from] == ' '; from++ {
		}
	}
}

// citations reads what stands between [ and ]: sources by their ids with the place in them; nil when that is no citation.
func (r *reader) citations(in string) []string {
	var out []string
	for _, item := range strings.Split(in, ";") {
		m := citeItem.FindStringSubmatch(strings.TrimSpace(item))
		if m == nil {
			return nil
		}
		n, err := strconv.Atoi(m[2])
		if err != nil || n < 1 || n > len(r.cited) {
			return nil
		}
		out = append(out, strings.TrimSpace(m[1]+" "+r.cited[n-1]+m[3]))
	}
	return out
}

// resolve makes of an address that a page has one from the site's root.
func resolve(from, to string) string {
	if to == "" {
		return from
	}
	out := strings.TrimPrefix(path.Join("/", from, to), "/")
	if strings.HasSuffix(to, "/") && out != "" {
		out += "/"
	}
	return out
}

// facts are the facts that a unit names.
func (u unit) facts() []string {
	var out []string
	for _, l := range u.links {
		if id, ok := strings.CutPrefix(l.target, "facts/#"); ok && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}
