package content

import (
	"fmt"
	"strings"

	"gloss/generator/diag"
)

// Person is a name of CSL: either in parts or whole.
type Person struct{ Family, Given, Literal string }

// Source is one CSL record; docs/content/sections/sources-and-citations.md says what seen and via mean.
type Source struct {
	ID        string
	Span      diag.Span
	Type      string
	Title     string
	Authors   []Person
	Container string
	Publisher string
	Genre     string
	Issued    Date
	Accessed  Date
	URL       string
	URLSpan   diag.Span
	Archive   string
	Note      string
	Lang      string
	Seen      bool
	Via       []int // refs
}

// cslKnown are the variables of CSL 1.0.2 that we do not use but know, so that what Zotero exports is no error.
var cslKnown = strings.Fields(`abstract annote archive archive-place archive_collection authority call-number chapter-number
	citation-key citation-label citation-number collection-number collection-title container-title-short dimensions division DOI edition
	event event-date event-place event-title first-reference-note-number ISBN ISSN issue journalAbbreviation jurisdiction keyword
	locator medium number number-of-pages number-of-volumes original-date original-publisher original-title original-publisher-place
	page page-first part-number part-title PMCID PMID printing-number publisher-place references reviewed-genre reviewed-title scale
	section shortTitle source status submitted supplement-number title-short version volume volume-title year-suffix
	available-date categories chair collection-editor compiler composer container-author contributor curator director editor
	editorial-director executive-producer guest host illustrator interviewer narrator organizer original-author performer producer
	recipient reviewed-author script-writer series-creator translator system_id`)

func (r *records) sources(v value) {
	if v.kind != kList {
		r.b.add("bad-record", v.span, "CSL-JSON is [ {…}, {…} ]; CSL-YAML starts with references:", "this is not a list of sources")
		return
	}
	for _, e := range v.list {
		id, _ := e.get("id")
		f := r.fields(e, fmt.Sprintf("the source %q", id.text))
		if e.kind != kTable {
			f.add("bad-record", e.span, "", "a source is a table of fields, not %s", e.kind)
			continue
		}
		idn := f.str("id")
		s := Source{ID: strings.TrimPrefix(idn.Text, "@"), Span: idn.Span, Seen: true}
		if s.Span.File == "" {
			s.Span = e.span
		}
		r.id(s.ID, s.Span)
		s.Type, s.Title = f.str("type").Text, f.str("title").Text
		s.Container, s.Publisher, s.Genre = f.str("container-title").Text, f.str("publisher").Text, f.str("genre").Text
		s.URL, s.URLSpan, s.Archive = f.str("URL").Text, f.str("URL").Span, f.str("archive_location").Text
		for _, u := range []*string{&s.URL, &s.Archive} {
			if *u != "" && schemeOf(*u) != "http" && schemeOf(*u) != "https" {
				if u == &s.URL {
					f.add("unsafe-url", f.str("URL").Span, "write the whole address, with https://", "the address of a source is a web address")
				}
				*u = ""
			}
		}
		s.Note, s.Lang = f.str("note").Text, f.str("language").Text
		s.Issued, s.Accessed = r.cslDate(f, "issued"), r.cslDate(f, "accessed")
		if av, ok := f.get("author"); ok {
			if av.kind != kList {
				f.wrong("author", av, "a list of names")
			}
			for _, a := range av.list {
				p := Person{}
				if a.kind == kText {
					p.Literal = a.text
				}
				for k, to := range map[string]*string{"family": &p.Family, "given": &p.Given, "literal": &p.Literal, "non-dropping-particle": nil, "dropping-particle": nil, "suffix": nil} {
					if x, ok := a.get(k); ok && to != nil {
						*to = x.text
					}
				}
				s.Authors = append(s.Authors, p)
			}
		}
		if c, ok := f.get("custom"); ok {
			cf := r.fields(c, fmt.Sprintf("custom of the source %q", s.ID))
			if _, has := c.get("seen"); has {
				s.Seen = cf.flag("seen")
			}
			s.Via = r.b.named(RefCite, cf.strs("via"))
			if !s.Seen && len(s.Via) == 0 {
				f.add("incomplete-record", c.span, `add "via": the id of the source that told us`, "we did not see the source %q and do not say through whom we know it", s.ID)
			}
		}
		f.need("id", "type")
		if s.Title == "" && s.Container == "" && s.Publisher == "" {
			f.need("title")
		}
		f.done(diag.Error, cslKnown...)
		r.d.Sources = append(r.d.Sources, s)
	}
}
