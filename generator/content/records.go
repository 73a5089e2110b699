package content

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"gloss/generator/diag"
)

// DataInput is all that reading a data file may see.
type DataInput struct {
	File     File
	Settings Settings
}

// Data is what one file under content/data/ holds.
type Data struct {
	File    string // "content/data/facts.toml"
	Name    string // "data/facts.toml"
	Facts   []Fact
	Claims  []Claim
	Sources []Source
	Events  []EventRow
	Changes []Change
	Dead    []Dead
	Table   *Table
	Refs    []Ref // the Block of each is -1
}

// Equal says whether two inputs are the same.
func (in DataInput) Equal(o DataInput) bool {
	return in.Settings == o.Settings && in.File.Equal(o.File)
}

// ParsedData is a data file and what is wrong with it.
type ParsedData struct {
	Data     Data
	Findings []diag.Finding
}

// Fact is a single-sourced value (contract section 4).
type Fact struct {
	ID         string
	Span       diag.Span // of the id
	Label      string
	Value      string // as written; numbers without separators
	ValueSpan  diag.Span
	Number     bool
	Unit       string
	Display    []string
	Approx     bool
	AsOf       Date
	Sources    []int // refs
	Quote      string
	Review     Date
	NextUpdate Date
	Status     string
	Reason     string
	History    []Past
}

// Past is an earlier value of a fact.
type Past struct {
	Value   string
	Number  bool
	AsOf    Date
	Sources []int
	Span    diag.Span
}

// Claim is a contested statement with its positions.
type Claim struct {
	ID        string
	Span      diag.Span
	Claim     Inline
	Status    string
	AsOf      Date
	Settle    Inline
	Positions []Position
}

// Position is what one side says of a claim.
type Position struct {
	Says    Inline
	Who     int // ref; -1
	WhoText string
	Date    Date
	Cites   []int
	Span    diag.Span
}

// EventRow is one row of events.csv.
type EventRow struct {
	ID       string
	Span     diag.Span
	Date     Date
	End      Date
	DateText string
	Title    string
	Who      []int // refs
	Tags     []string
	Sources  []int // refs
	Origin   string
	Planned  bool
	Disputed bool
}

// Change is one dated change entry.
type Change struct {
	Date Date
	Kind string
	Page int // ref
	Text Inline
	Span diag.Span
}

// Dead is an address outside that is gone, as check --external found.
type Dead struct {
	URL   string
	Since Date
	Span  diag.Span
}

// Table is the numbers of a chart.
type Table struct {
	Head      []Named // the names of the columns
	Rows      []Row
	Separator byte // ',' or ';' or a tab
}

// Row is one line of numbers.
type Row struct {
	Cells []string
	Spans []diag.Span // of the cells
	Span  diag.Span
}

// DataKind says what a file under content/data/ holds, by its name; "" for a file that is none of ours.
func DataKind(name string) string {
	switch name {
	case "data/facts.toml", "data/claims.toml", "data/changes.toml", "data/dead.toml", "data/events.csv", "data/sources.json", "data/sources.yaml", "data/sources.yml":
		return strings.TrimPrefix(name, "data/")
	}
	switch {
	case !strings.HasPrefix(name, "data/"):
	case strings.HasSuffix(name, ".csv"):
		return "table"
	case isBib(name):
		return "sources.bib"
	}
	return ""
}

// ParseData reads a data file. The same input gives the same Data.
func ParseData(in DataInput) ParsedData {
	name := strings.TrimPrefix(in.File.Name, "content/")
	d := Data{File: in.File.Name, Name: name}
	if bad := checkText(in.File); bad != nil {
		return ParsedData{Data: d, Findings: []diag.Finding{*bad}}
	}
	// The builder reads the inline markdown of records; its Doc only gathers their references.
	var doc Doc
	b := newBuilder(DocInput(in), &doc)
	b.front, b.records = true, true
	r := &records{b: b, d: &d, src: in.File.Text}
	whole := func(i int) int { return i }
	if len(bytes.TrimSpace(bytes.TrimPrefix(in.File.Text, []byte("\xEF\xBB\xBF")))) == 0 {
		return ParsedData{Data: d} // an empty file holds no records
	}
	switch kind := DataKind(name); kind {
	case "facts.toml", "claims.toml", "changes.toml", "dead.toml":
		src := in.File.Text
		if strings.HasPrefix(string(src), "\xEF\xBB\xBF") {
			src = src[3:]
			whole = func(i int) int { return i + 3 }
		}
		v, bad := readTOML(in.File.Name, src, whole, "bad-record")
		b.out = append(b.out, diag.Unreadable(bad)...)
		if len(bad) == 0 {
			map[string]func(value){"facts.toml": r.facts, "claims.toml": r.claims, "changes.toml": r.changes, "dead.toml": r.dead}[kind](v)
		}
	case "sources.json":
		v, bad := readJSON(in.File.Name, in.File.Text, "bad-record")
		b.out = append(b.out, diag.Unreadable(bad)...)
		if len(bad) == 0 {
			r.sources(v)
		}
	case "sources.yaml", "sources.yml":
		v, bad := readYAML(in.File.Name, in.File.Text, 0, len(in.File.Text), "bad-record")
		b.out = append(b.out, diag.Unreadable(bad)...)
		if len(bad) == 0 {
			r.markdown = true
			r.sources(v)
		}
	case "sources.bib":
		v, bad := readBibTeX(in.File.Name, in.File.Text, "bad-record")
		b.out = append(b.out, bad...)
		r.sources(v)
	case "events.csv":
		v, head, _, bad := readCSV(in.File.Name, in.File.Text, "bad-record")
		b.out = append(b.out, bad...)
		r.events(v, head)
	case "table":
		v, head, sep, bad := readCSV(in.File.Name, in.File.Text, "bad-record")
		b.out = append(b.out, bad...)
		t := Table{Head: head, Separator: sep}
		for _, row := range v.list {
			rr := Row{Span: row.span}
			for _, e := range row.keys {
				rr.Cells = append(rr.Cells, strings.TrimSpace(e.val.text))
				rr.Spans = append(rr.Spans, e.val.span)
			}
			t.Rows = append(t.Rows, rr)
		}
		d.Table = &t
	}
	d.Refs = doc.Refs
	return ParsedData{Data: d, Findings: b.out}
}

// records reads the tables of a data file into typed records.
type records struct {
	b   *builder
	d   *Data
	src []byte

	markdown bool       // titles may have markdown: CSL-YAML
	strange  []unknowns // of sources
}

func (r *records) fields(v value, what string) *fields {
	return &fields{src: r.src, v: v, what: what, code: "bad-record", out: &r.b.out}
}

func (r *records) facts(v value) {
	for _, e := range v.keys {
		if e.val.kind != kTable {
			r.b.add("bad-record", e.span, "give each fact a line [id] and its fields below", "%q is not a fact", e.key)
			continue
		}
		f := r.fields(e.val, fmt.Sprintf("the fact %q", e.key))
		f.v.span = e.span
		x := Fact{ID: e.key, Span: e.span}
		r.id(e.key, e.span)
		r.b.plainOnly(f, "label", "unit", "reason")
		x.Label, x.Unit = f.str("label").Text, f.str("unit").Text
		x.Value, x.Number, x.ValueSpan = r.amount(f, "value")
		f.strict = true // in TOML true is no text
		x.Approx = f.flag("approx")
		f.strict = false
		for _, d := range f.strs("display") {
			rest := strings.ReplaceAll(d.Text, "{value}", "")
			switch {
			case rest == d.Text:
				f.add("bad-record", d.Span, `write it like "roughly {value}"`, "this pattern has no {value}")
			case strings.ContainsAny(rest, "0123456789٠١٢٣٤٥٦٧٨٩"):
				f.add("bad-record", d.Span, "let {value} say the number", "this pattern has a digit of its own")
			default:
				x.Display = append(x.Display, d.Text)
			}
		}
		x.AsOf = f.date("as_of")
		x.Sources = r.b.named(RefCite, f.strs("source"))
		x.Quote = f.str("quote").Text
		if n := CountWords(x.Quote); n > 25 {
			f.add("long-answer", f.str("quote").Span, "quote only the words that matter", "this quotation has %d words; the most is 25", n)
		}
		x.Review, x.NextUpdate = f.date("review_after"), f.date("next_update")
		if x.Status = f.oneOf("status", "current", "superseded", "disputed", "withdrawn"); x.Status == "" {
			x.Status = "current"
		}
		x.Reason = f.str("reason").Text
		if x.Status == "withdrawn" {
			f.need("reason")
		}
		if h, ok := f.get("history"); ok {
			for _, p := range h.list {
				hf := r.fields(p, fmt.Sprintf("an earlier value of %q", e.key))
				past := Past{AsOf: hf.date("as_of"), Sources: r.b.named(RefCite, hf.strs("source")), Span: p.span}
				past.Value, past.Number, _ = r.amount(hf, "value")
				hf.need("value", "as_of", "source")
				hf.done(diag.Error)
				x.History = append(x.History, past)
			}
			if h.kind != kList {
				f.wrong("history", h, "a list of { value = …, as_of = …, source = … }")
			}
		}
		f.need("label", "value", "unit", "as_of", "source")
		f.done(diag.Error)
		r.d.Facts = append(r.d.Facts, x)
	}
}

// id reports an id that cannot be part of an address or a link.
func (r *records) id(id string, span diag.Span) {
	if i := strings.IndexFunc(id, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("|^[]\"\\", c) }); i >= 0 {
		hint := "write it with letters, digits and -"
		if s := Slug(id); s != "" {
			hint = fmt.Sprintf("write it with letters, digits and -: %s", s)
		}
		r.b.add("bad-record", span, hint, "the id %q cannot be linked to", id)
	}
}

func (r *records) amount(f *fields, key string) (string, bool, diag.Span) {
	v, ok := f.get(key)
	if !ok {
		return "", false, diag.Span{}
	}
	if v.kind == kList || v.kind == kTable || v.kind == kBool {
		f.wrong(key, v, "a number or a text")
		return "", false, v.span
	}
	return strings.TrimSpace(v.text), v.kind == kNumber, v.span
}

func (r *records) claims(v value) {
	for _, e := range v.keys {
		if e.val.kind != kTable {
			r.b.add("bad-record", e.span, "give each claim a line [id] and its fields below", "%q is not a claim", e.key)
			continue
		}
		f := r.fields(e.val, fmt.Sprintf("the claim %q", e.key))
		f.v.span = e.span
		c := Claim{ID: e.key, Span: e.span}
		r.id(e.key, e.span)
		c.Claim = r.b.field(f, "claim")
		c.Status = f.oneOf("status", "established", "single-source", "disputed", "unresolved", "refuted", "withdrawn")
		c.AsOf = f.date("as_of")
		c.Settle = r.b.field(f, "settle")
		p, has := f.get("position")
		if has && p.kind != kList {
			f.wrong("position", p, "written under [["+e.key+".position]]")
		}
		for _, pv := range p.list {
			pf := r.fields(pv, fmt.Sprintf("a position on %q", e.key))
			pos := Position{WhoText: pf.str("who_text").Text, Date: pf.date("date"), Who: -1, Span: pv.span}
			r.b.on = pos.Date
			pos.Says = r.b.field(pf, "says")
			r.b.on = Date{}
			if w := pf.str("who"); w.Text != "" {
				pos.Who = r.b.named(RefLink, []Named{w})[0]
			}
			pos.Cites = r.b.named(RefCite, pf.strs("cite"))
			pf.need("says", "date", "cite")
			if pos.Who < 0 && pos.WhoText == "" {
				pf.add("incomplete-record", pv.span, `add who = "id" or who_text = "…"`, "a position on %q does not say who holds it", e.key)
			}
			pf.done(diag.Error)
			c.Positions = append(c.Positions, pos)
		}
		f.need("claim", "status", "as_of")
		if c.Status == "disputed" && len(c.Positions) < 2 {
			f.add("incomplete-record", e.span, "add the other position under [["+e.key+".position]]", "the claim %q is disputed and has %d position", e.key, len(c.Positions))
		}
		f.done(diag.Error)
		r.d.Claims = append(r.d.Claims, c)
	}
}

func (r *records) changes(v value) {
	top := r.fields(v, "changes.toml")
	list, has := top.get("change")
	top.done(diag.Error)
	if has && list.kind != kList {
		top.wrong("change", list, "written under [[change]]")
	}
	for _, cv := range list.list {
		f := r.fields(cv, "this change")
		c := Change{Date: f.date("date"), Kind: f.oneOf("kind", "new", "update", "correction", "clarification", "withdrawn"), Page: -1, Span: cv.span}
		if p := f.str("page"); p.Text != "" {
			c.Page = r.b.named(RefLink, []Named{p})[0]
		}
		r.b.on = c.Date
		c.Text = r.b.field(f, "text")
		r.b.on = Date{}
		f.need("date", "kind", "page", "text")
		f.done(diag.Error)
		r.d.Changes = append(r.d.Changes, c)
	}
}

func (r *records) dead(v value) {
	top := r.fields(v, "dead.toml")
	list, has := top.get("dead")
	top.done(diag.Error)
	if has && list.kind != kList {
		top.wrong("dead", list, "written under [[dead]]")
	}
	for _, dv := range list.list {
		f := r.fields(dv, "this dead link")
		d := Dead{URL: f.str("url").Text, Since: f.date("since"), Span: dv.span}
		f.need("url", "since")
		f.done(diag.Error)
		r.d.Dead = append(r.d.Dead, d)
	}
}

// eventColumns are the columns of events.csv (contract section 3).
var eventColumns = strings.Fields("id date date_end date_text title who tags source origin planned disputed")

func (r *records) events(v value, head []Named) {
	for i, h := range head { // once, not for each row
		if slices.Contains(eventColumns, h.Text) {
			if first := slices.IndexFunc(head, func(o Named) bool { return o.Text == h.Text }); first < i {
				r.b.add("bad-record", h.Span, "keep one of the two", "events.csv has two columns %q", h.Text)
			}
			continue
		}
		hint := "its columns are " + strings.Join(eventColumns, ", ")
		if near := diag.Suggest(h.Text, eventColumns); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.b.add("unknown-key", h.Span, hint, "events.csv has no column %q", h.Text)
	}
	for _, row := range v.list {
		id := ""
		if c, ok := row.get("id"); ok {
			id = strings.TrimSpace(c.text)
		}
		f := r.fields(row, fmt.Sprintf("the event %q", id))
		r.b.plainOnly(f, "title", "date_text")
		ev := EventRow{ID: f.str("id").Text, Span: f.str("id").Span, Title: f.str("title").Text, DateText: f.str("date_text").Text}
		r.id(ev.ID, ev.Span)
		ev.Date, ev.End = f.date("date"), f.date("date_end")
		ev.Who = r.b.named(RefLink, f.split("who"))
		for _, t := range f.split("tags") {
			ev.Tags = append(ev.Tags, t.Text)
		}
		ev.Sources = r.b.named(RefCite, f.split("source"))
		ev.Origin = f.oneOf("origin", "article", "background", "")
		ev.Planned, ev.Disputed = f.flag("planned"), f.flag("disputed")
		f.need("id", "title")
		if !ev.End.IsZero() && !ev.Date.IsZero() && ev.End.Last() < ev.Date.First() {
			f.add("bad-date", ev.End.Span, "swap date and date_end", "the event ends before it starts")
		}
		r.d.Events = append(r.d.Events, ev)
	}
}

// Column returns the index of a column, or -1 with what is wrong and a hint: there is none of that name, or there are two.
func (t *Table) Column(name string) (index int, why, hint string) {
	index = -1
	var names []string
	for i, h := range t.Head {
		switch {
		case h.Text == name && index >= 0:
			return -1, fmt.Sprintf("has two columns %q", name), "give each column a name of its own"
		case h.Text == name:
			index = i
		case h.Text != "":
			names = append(names, h.Text)
		}
	}
	if index >= 0 {
		return index, "", ""
	}
	why, hint = fmt.Sprintf("has no column %q", name), "its columns are "+strings.Join(names, ", ")
	if near := diag.Suggest(name, slices.Sorted(slices.Values(names))); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	return -1, why, hint
}
