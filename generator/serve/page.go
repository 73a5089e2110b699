package serve

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// about is what the client asks of the page that it shows: GET /_gloss/page?path=/repo/terms/x/.
type about struct {
	Session  string  `json:"session"`
	Build    int     `json:"build"`
	MS       float64 `json:"ms"`       // that the build took
	Watching string  `json:"watching"` // events or polling
	Follow   bool    `json:"follow"`
	Base     string  `json:"base"`

	URL    string `json:"url"`    // relative to the base path
	Exists bool   `json:"exists"` // false: the address answers with the 404 page
	Hash   string `json:"hash"`   // of the page as `build` would write it
	File   string `json:"file"`   // its source; "" for pages that the generator makes
	Title  string `json:"title"`
	Draft  bool   `json:"draft"`

	Words      int `json:"words"`
	Minutes    int `json:"minutes"`
	Paragraphs int `json:"paragraphs"` // of the body
	Cited      int `json:"cited"`      // of these, with a citation, a checked number, a date or a claim

	Errors   int      `json:"errors"`   // of the whole site
	Warnings int      `json:"warnings"` // of the whole site
	Waiting  int      `json:"waiting"`  // findings more that may show when the unreadable files can be read
	Findings []remark `json:"findings"` // this page's first
	Broken   []gap    `json:"broken"`
	Planned  []gap    `json:"planned"`
	// Unchecked are the numbers and dates of the page that no record checks, where the site does not report them anyway.
	Unchecked []remark `json:"unchecked"`
	Stopped   *halt    `json:"stopped"`
}

// remark is a finding as the page shows it.
type remark struct {
	ID       int    `json:"id"`
	Severity string `json:"severity"`
	Code     string `json:"code"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"`
	Message  string `json:"message"`
	Hint     string `json:"hint"`
	Text     string `json:"text"`  // the whole report as the terminal prints it
	Here     bool   `json:"here"`  // it is about what this page shows
	Block    string `json:"block"` // id of the element it is about; "" when there is none
	URL      string `json:"url"`   // the page to look at; "" when there is none
	found    diag.Finding
}

// gap is a reference that leads nowhere, or to a page that is only planned.
type gap struct {
	Block   string   `json:"block"` // id of the block it stands in
	Nth     int      `json:"nth"`   // which of the .broken elements of that block it is, from 0
	Label   string   `json:"label"`
	Target  string   `json:"target"`
	Finding int      `json:"finding"` // id of the remark about it; -1 when there is none
	Suggest []string `json:"suggest"`
	Create  []string `json:"create"` // files that would make the link whole
}

// halt is why the newest files are not what is shown.
type halt struct {
	Text     string `json:"text"`
	Findings []int  `json:"findings"` // ids of remarks
}

// mostFindings is how many findings a page is told of.
const mostFindings = 300

// about answers what the client asks of a page.
func (s *server) about(w http.ResponseWriter, r *http.Request) {
	a := func() about {
		s.mu.Lock()
		defer s.mu.Unlock() // after a panic, too, which net/http reports and survives
		return s.describe(s.now.Load(), r.URL.Query().Get("path"))
	}()
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(a) // a client that is gone needs no answer
}

// describe gathers everything about the page at an address. The caller holds mu.
func (s *server) describe(e *edition, at string) about {
	a := about{Session: s.session, Build: e.number, MS: float64(e.took.Microseconds()) / 1000, Watching: s.watch.state(), Follow: s.Follow, Base: e.base,
		Findings: []remark{}, Broken: []gap{}, Planned: []gap{}, Unchecked: []remark{}}
	name, found := find(e.files, e.base, unescaped(at))
	a.Exists = found && name != ""
	if !a.Exists {
		name = "404.html"
	}
	if page := e.files[name]; page != nil {
		a.Hash = hashOf(page)
	}
	a.URL = e.within(at)
	p := s.where(a.URL)
	if p.page != nil {
		a.measure(p.page)
	}
	a.Errors, a.Warnings = diag.Count(s.found)
	s.remarks(&a, p)
	if p.page != nil {
		s.gaps(&a, p.page)
		s.unchecked(&a, p.page)
	}
	if e.stopped != nil {
		a.Stopped, a.Waiting = &halt{Text: e.stopped.text, Findings: []int{}}, e.stopped.waiting
		for i, m := range a.Findings {
			if slices.ContainsFunc(e.stopped.found, func(f diag.Finding) bool { return sameFinding(f, m.found) }) {
				a.Stopped.Findings = append(a.Stopped.Findings, i)
			}
		}
	}
	return a
}

// measure says how long a page is and how much of it names its sources.
func (a *about) measure(p *site.Page) {
	a.File, a.Title, a.Draft = p.File, p.Thing.Title, p.Meta.Draft
	a.Words, a.Minutes = p.Words, site.Minutes(p.Words)
	for _, b := range p.Blocks {
		if b.Kind == "paragraph" && b.Words > 0 {
			a.Paragraphs++
			if b.Cites {
				a.Cited++
			}
		}
	}
}

// remarks lists the findings: those about what this page shows, then the others.
func (s *server) remarks(a *about, at spot) {
	var here, rest []remark
	var page *site.Page // of the file of the last finding: they come sorted by file
	file := ""
	for _, f := range s.found {
		if len(here)+len(rest) >= mostFindings && !at.shows(f.Span.File) {
			continue
		}
		m := remark{Severity: f.Severity.String(), Code: f.Code, File: f.Span.File, Message: f.Message, Hint: f.Hint, found: f}
		text := s.tree.Source(f.Span.File)
		pos := diag.Locate(text, f.Span.Start)
		m.Line, m.Column = pos.Line, pos.Column
		m.Text = report([]diag.Finding{f}, s.tree)
		if f.Span.File != file {
			file, page = f.Span.File, pageOf(s.last.Site, f.Span.File)
		}
		if page != nil {
			m.URL, m.Block = page.URL, blockIn(page.Doc, f.Span.Start)
		} else if t := recordAt(s.last.Site, f.Span.File, f.Span.Start); t != nil {
			m.URL, m.Block, _ = strings.Cut(t.URL, "#")
		}
		if m.Here = at.shows(f.Span.File); m.Here {
			here = append(here, m)
		} else {
			rest = append(rest, m)
		}
	}
	a.Findings = append(a.Findings, here...)
	a.Findings = append(a.Findings, rest[:min(len(rest), max(0, mostFindings-len(here)))]...)
	for i := range a.Findings {
		a.Findings[i].ID = i
	}
}

// unchecked lists the numbers of a page that no record checks. They are no findings of the build, as that check is off
// unless a site wants it.
func (s *server) unchecked(a *about, p *site.Page) {
	if slices.ContainsFunc(s.found, func(f diag.Finding) bool { return f.Code == "unlinked-number" }) {
		return
	}
	text := s.tree.Source(p.File)
	for _, f := range s.last.Site.Unlinked(p) {
		if len(a.Unchecked) == mostFindings {
			return
		}
		pos := diag.Locate(text, f.Span.Start)
		a.Unchecked = append(a.Unchecked, remark{ID: -1, Code: f.Code, File: f.Span.File, Line: pos.Line, Column: pos.Column, Message: f.Message, Hint: f.Hint,
			Here: true, Block: blockIn(p.Doc, f.Span.Start), URL: p.URL, found: f})
	}
}

// blockIn is blockAt for a place that must lie in the block.
func blockIn(d *content.Doc, at int) string {
	for _, b := range d.Blocks {
		if b.Span.File == d.File && at >= b.Span.Start && at <= b.Span.End {
			return blockAt(d, at)
		}
	}
	return ""
}

var suggestion = regexp.MustCompile(`\[\[([^\]?][^\]]*)\]\]`)

// gaps lists the references of a page that lead nowhere, in the order in which the page shows them.
func (s *server) gaps(a *about, p *site.Page) {
	nth := map[string]int{}
	for i := range p.Refs {
		r := &p.Refs[i]
		if r.Block < 0 || r.Hidden || p.Targets[i].OK() {
			continue
		}
		switch r.Kind {
		case content.RefLink, content.RefEmbed, content.RefImage, content.RefFact, content.RefEvent, content.RefClaim, content.RefCite:
		default:
			continue
		}
		g := gap{Block: p.Blocks[r.Block].ID, Label: r.Label, Target: r.Target, Finding: -1, Suggest: []string{}, Create: s.creatable(p, r)}
		for _, m := range a.Findings {
			if m.found.Span == r.Span {
				g.Finding = m.ID
				for _, x := range suggestion.FindAllStringSubmatch(m.Hint, -1) {
					g.Suggest = append(g.Suggest, x[1])
				}
				break
			}
		}
		if r.Planned {
			a.Planned = append(a.Planned, g)
			continue
		}
		if r.Kind == content.RefCite && r.Cite.Narrative {
			continue // plain text in the page
		}
		g.Nth = nth[g.Block]
		nth[g.Block]++
		a.Broken = append(a.Broken, g)
	}
}

// spot is what an address of the site shows: a page with a file, or one that the generator makes.
type spot struct {
	page *site.Page
	made *site.Made
}

// where finds what an address shows. The caller holds mu.
func (s *server) where(u string) spot {
	var out spot
	if s.last == nil {
		return out
	}
	for _, p := range s.last.Site.Pages {
		if p.URL == u {
			out.page = p
			break
		}
	}
	for _, m := range s.last.Site.Made {
		if m.URL == u {
			out.made = m
			break
		}
	}
	return out
}

// shows says whether findings of a file belong on the page.
func (at spot) shows(file string) bool {
	if at.page != nil && at.page.File == file {
		return true
	}
	if at.made == nil {
		return false
	}
	kind, _, _ := strings.Cut(content.DataKind(strings.TrimPrefix(file, "content/")), ".")
	return kind != "" && kind == map[string]string{"facts": "facts", "disputed": "claims", "sources": "sources", "timeline": "events", "changes": "changes"}[at.made.Kind]
}
