package site

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// Move gives a page another file name. Was is the site as it is, Now the same but for the name of the file, Source the
// text of a file under its new name. Both are linked with drafts, whose links count, too.
type Move struct {
	Was, Now *Site
	From, To string // "content/terms/x.md"
	Source   func(file string) []byte
}

// Mends are the fixes, in files under their new names, after which every reference leads where it led: those that do
// anyway stay as they are, the others are written anew as their writer writes links, and say to readers what they said.
// The redirects of the addresses that change are among them. What cannot be mended is reported.
func (m Move) Mends() (fixes []diag.Fix, stuck []diag.Finding) {
	w := mover{Move: m, done: map[diag.Span]bool{}}
	for _, p := range m.Was.Pages {
		q := m.Now.byFile[m.renamed(p.File)]
		if q == nil {
			continue
		}
		w.refs(p.Refs, p.Targets, q.Refs, q.Targets, p, q)
		w.lines(p, q)
	}
	for _, d := range m.Was.data {
		i := slices.IndexFunc(m.Now.data, func(o *content.Data) bool { return o.File == d.File })
		w.refs(d.Refs, m.Was.dataRefs[d], m.Now.data[i].Refs, m.Now.dataRefs[m.Now.data[i]], nil, nil)
	}
	w.redirects()
	return w.fixes, w.stuck
}

// Kept says whether a site, linked from the mended files, refers to the same things in the same words as the old one,
// and reports what does not.
func (m Move) Kept(after *Site) []diag.Finding {
	var out []diag.Finding
	lost := func(span diag.Span, r content.Ref) {
		out = append(out, diag.Finding{Code: "broken-link", Severity: diag.Error, Span: span, Hint: "mend this link by hand first, then move the page again",
			Message: fmt.Sprintf("the link to %q would lead elsewhere, or read otherwise, and cannot be mended safely", r.Target)})
	}
	compare := func(file string, old []content.Ref, targets []Target, refs []content.Ref, now []Target) {
		for i := range old {
			switch {
			case i >= len(refs) || refs[i].Kind != old[i].Kind:
				lost(diag.Span{File: file}, old[i])
				return
			case m.same(targets[i], now[i]) && refs[i].To-refs[i].From == old[i].To-old[i].From:
			case targets[i].OK():
				lost(refs[i].Span, old[i])
			}
		}
	}
	for _, p := range m.Was.Pages {
		q := after.byFile[m.renamed(p.File)]
		if q == nil {
			continue // its file is there, since nothing removes one
		}
		compare(q.File, p.Refs, p.Targets, q.Refs, q.Targets)
		// What stands in the place of an embed is the other page's text.
		if !slices.EqualFunc(p.Blocks, q.Blocks, func(a, b content.Block) bool {
			return a.Kind == b.Kind && (a.Kind == "embed" || a.Text == b.Text)
		}) {
			out = append(out, diag.Finding{Code: "broken-link", Severity: diag.Error, Span: diag.Span{File: q.File}, Hint: "mend the links of this page by hand first, then move the page again",
				Message: "this page would read otherwise after its links are mended"})
		}
	}
	for _, d := range m.Was.data {
		for _, e := range after.data {
			if d.File == e.File {
				compare(d.File, d.Refs, m.Was.dataRefs[d], e.Refs, after.dataRefs[e])
			}
		}
	}
	return out
}

func (m Move) renamed(file string) string {
	if file == m.From {
		return m.To
	}
	return file
}

// same says whether two references lead to the same thing, before and after.
func (m Move) same(a, b Target) bool {
	if !a.OK() || !b.OK() {
		return a.OK() == b.OK()
	}
	if a.Asset != nil || b.Asset != nil {
		return a.Asset != nil && b.Asset != nil && a.Asset.Path == b.Asset.Path
	}
	return m.key(a.Thing, true) == m.key(b.Thing, false) && a.Fragment == b.Fragment && a.Past == b.Past
}

// key names a thing; a page is known by its file as it is called now.
func (m Move) key(t *Thing, before bool) string {
	switch {
	case t.Page != nil && before:
		return m.renamed(t.Page.File)
	case t.Page != nil:
		return t.Page.File
	}
	return t.Kind + " " + t.ID
}

// mover is one Move at work.
type mover struct {
	Move
	fixes []diag.Fix
	stuck []diag.Finding
	done  map[diag.Span]bool // one definition may serve many links
}

func (w *mover) fix(span diag.Span, text string) {
	if !w.done[span] {
		w.done[span] = true
		w.fixes = append(w.fixes, diag.Fix{Span: span, Text: text})
	}
}

// refs mends the references of one file. p is the page before and from the page now; both are nil for records.
func (w *mover) refs(old []content.Ref, was []Target, refs []content.Ref, now []Target, p, from *Page) {
	for i := range old {
		if i >= len(refs) || refs[i].Target != old[i].Target || refs[i].Kind != old[i].Kind {
			return // the page reads otherwise in another folder; Kept reports it
		}
		if !was[i].OK() || w.same(was[i], now[i]) && (p == nil || beside(&old[i], was[i], p) == beside(&refs[i], now[i], from)) {
			continue
		}
		r := &refs[i]
		to, ok := w.spell(r, was[i], from)
		if ok {
			ok = w.write(r, to, from)
		}
		if !ok {
			w.stuck = append(w.stuck, diag.Finding{Code: "broken-link", Severity: diag.Error, Span: r.Span, Hint: "mend this link by hand first, then move the page again",
				Message: fmt.Sprintf("the link to %q would lead nowhere or elsewhere, and cannot be mended safely", r.Target)})
		}
	}
}

// beside says whether a markdown link names a file as it lies from the page's folder. Those that do shall go on doing so,
// though we would find the file otherwise: other programs do not.
func beside(r *content.Ref, t Target, from *Page) bool {
	if isBare(r) {
		return false
	}
	at := path.Join(path.Dir(from.Name), r.Target)
	switch {
	case t.Asset != nil:
		return at == t.Asset.Path
	case t.Thing != nil && t.Thing.Page != nil:
		return strings.TrimSuffix(at, ".md") == strings.TrimSuffix(t.Thing.Page.Name, ".md")
	}
	return false
}

// spell finds how the target of a reference is written now, in the style in which it was.
func (w *mover) spell(r *content.Ref, was Target, from *Page) (string, bool) {
	dir, base := ".", ""
	if from != nil {
		dir, base = path.Dir(from.Name), from.URL
	}
	rooted := strings.HasPrefix(r.Target, "/")
	var tries []string
	if a := was.Asset; a != nil {
		tries = []string{relativeFile(dir, a.Path), "/" + a.Path}
		if rooted || r.Wiki {
			slices.Reverse(tries)
		}
	} else if p := w.pageOf(was.Thing); p != nil {
		ext := ""
		if strings.HasSuffix(r.Target, ".md") {
			ext = ".md"
		}
		name := strings.TrimSuffix(p.Name, ".md")
		short := path.Base(name)
		if short == "index" && ext == "" {
			name = path.Dir(name)
			short = path.Base(name)
		}
		address := relative(base, p.URL)
		if rooted {
			address = "/" + p.URL
		}
		near, full := relativeFile(dir, name)+ext, name+ext
		if rooted {
			near, full = "/"+full, "/"+full
		}
		switch inFolder := strings.Contains(r.Target, "/"); {
		case strings.HasSuffix(r.Target, "/"):
			tries = []string{address, near, full}
		case strings.HasPrefix(r.Target, "./"):
			tries = []string{"./" + strings.TrimPrefix(near, "./"), near, full}
		case strings.HasPrefix(r.Target, "../"):
			tries = []string{near, full}
		case inFolder && !isBare(r):
			tries = []string{near, full}
		case inFolder:
			tries = []string{full, near}
		case isBare(r) || ext == "":
			tries = []string{short + ext, full, near}
		default:
			tries = []string{near, full}
		}
	}
	scratch := *w.Now
	var unheard []diag.Finding
	scratch.into = &unheard
	for _, t := range tries {
		q := *r
		q.Target = t
		if w.same(was, scratch.resolve(&q, from)) {
			return t, true
		}
	}
	return "", false
}

// isBare says whether a target stands there as a name, in [[ ]] or in a field, and not as an address.
func isBare(r *content.Ref) bool { return !r.Attr && (r.Wiki || r.Block < 0 || r.Hidden) }

// pageOf finds the page of a thing of the old site in the new one.
func (w *mover) pageOf(t *Thing) *Page {
	if t.Page == nil {
		return nil
	}
	return w.Now.byFile[w.renamed(t.Page.File)]
}

// write puts the new target where the old one stands, in whichever way the reference is written.
func (w *mover) write(r *content.Ref, to string, from *Page) bool {
	text := w.Source(r.Span.File)
	if r.Span.Start >= r.Span.End || r.Span.End > len(text) {
		return false
	}
	raw := string(text[r.Span.Start:r.Span.End])
	put := func(start, end int, text string) {
		w.fix(diag.Span{File: r.Span.File, Start: r.Span.Start + start, End: r.Span.Start + end}, text)
	}
	switch {
	case r.Attr:
		end := strings.IndexAny(raw+"#", "?#")
		put(0, end, content.Escape(escapeTarget(to, false)))
		return true
	case r.Wiki:
		return writeWiki(r, raw, to, from, put)
	case strings.HasPrefix(raw, "[") && !strings.HasPrefix(raw, "[["), strings.HasPrefix(raw, "!["):
		return w.writeMarkdown(r, raw, to, text, put)
	}
	i := strings.Index(raw, r.Target) // a name in a field, with or without [[ ]] or quotes
	if i >= 0 {
		put(i, i+len(r.Target), to)
	}
	return i >= 0
}

// writeWiki mends [[target#part|label]]. A link without a label showed its target, and shows it still.
func writeWiki(r *content.Ref, raw, to string, from *Page, put func(start, end int, text string)) bool {
	start := strings.Index(raw, "[[") + 2
	end := strings.LastIndex(raw, "]]")
	if start < 2 || end < start {
		return false
	}
	stop := start + strings.IndexAny(raw[start:end]+"|", "#|")
	if stop > start && raw[stop-1] == '\\' && strings.HasPrefix(raw[stop:], "|") {
		stop--
	}
	typed := strings.TrimSpace(raw[start:stop])
	if strings.Join(strings.Fields(typed), " ") != r.Target {
		return false
	}
	start += strings.Index(raw[start:stop], typed)
	put(start, start+len(typed), to)
	block := r.Kind == content.RefImage || r.Kind == content.RefEmbed && from != nil && r.Block >= 0 && from.Blocks[r.Block].Kind == "embed"
	if !block && !strings.Contains(raw[start:end], "|") && r.Label != "" {
		put(end, end, "|"+r.Label)
	}
	return true
}

// writeMarkdown mends [words](target "title") and the definition of [words][name].
func (w *mover) writeMarkdown(r *content.Ref, raw, to string, text []byte, put func(start, end int, text string)) bool {
	after := strings.LastIndex(raw, "](")
	if r.Words.File != "" && !r.Wiki {
		after = r.Words.End - r.Span.Start
	}
	if after >= 0 && strings.HasPrefix(raw[after:], "](") {
		start := after + 2 + len(raw[after+2:]) - len(strings.TrimLeft(raw[after+2:], " \t\r\n"))
		end, angle := destination(raw, start)
		if angle {
			start++
		}
		put(start, end, escapeTarget(to, angle))
		return true
	}
	name := strings.TrimSuffix(raw, "[]")
	if i := strings.LastIndex(name, "["); i >= 0 && strings.HasSuffix(name, "]") {
		name = name[i+1 : len(name)-1]
	}
	for _, at := range definition.FindAllSubmatchIndex(text, -1) {
		if !strings.EqualFold(strings.Join(strings.Fields(string(text[at[2]:at[3]])), " "), strings.Join(strings.Fields(name), " ")) {
			continue
		}
		start := at[4]
		end, angle := destination(string(text), start)
		if angle {
			start++
		}
		w.fix(diag.Span{File: r.Span.File, Start: start, End: end}, escapeTarget(to, angle))
		return true
	}
	return false
}

// definition is a line [name]: target.
var definition = regexp.MustCompile(`(?m)^ {0,3}\[([^\]]+)\]:[ \t]*(\S)`)

// destination finds where the path of a link's address ends: before its # or ? part.
func destination(text string, start int) (end int, angle bool) {
	if start < len(text) && text[start] == '<' {
		return start + 1 + strings.IndexAny(text[start+1:]+">", "#?>\n"), true
	}
	depth := 0
	for end = start; end < len(text); end++ {
		switch c := text[end]; {
		case c == '\\' && end+1 < len(text):
			end++
		case c == '(':
			depth++
		case c == ')' && depth == 0, c == '#', c == '?', c <= ' ':
			return end, false
		case c == ')':
			depth--
		}
	}
	return end, false
}

func escapeTarget(to string, angle bool) string {
	if angle {
		return to
	}
	return strings.NewReplacer("%", "%25", " ", "%20", "(", "%28", ")", "%29").Replace(to)
}

// lines mends what timelines of a page are about.
func (w *mover) lines(p, q *Page) {
	for i := range p.Lines {
		l := &p.Lines[i]
		if l.About == "" || i >= len(q.Lines) || w.Was.hasTag(l.About) {
			continue
		}
		was, _ := w.Was.find(l.About, ".", "")
		now, _ := w.Now.find(l.About, ".", "")
		if was == nil || now != nil && w.key(was, true) == w.key(now, false) {
			continue
		}
		span := q.Lines[i].Spans["about"]
		raw := string(w.Source(span.File)[span.Start:span.End])
		to := w.pageOf(was)
		at := strings.Index(raw, l.About)
		if to == nil || at < 0 {
			w.stuck = append(w.stuck, diag.Finding{Code: "bad-chart", Severity: diag.Error, Span: span, Hint: "name it in another way first, then move the page again", Message: fmt.Sprintf("this timeline would not be about %q any more", l.About)})
			continue
		}
		w.fix(diag.Span{File: span.File, Start: span.Start + at, End: span.Start + at + len(l.About)}, strings.TrimSuffix(to.Name, ".md"))
	}
}

// redirects writes those of what stands elsewhere now, and takes out what would hide it there.
func (w *mover) redirects() {
	p, q := w.Was.byFile[w.From], w.Now.byFile[w.To]
	if p == nil || q == nil {
		return
	}
	for _, r := range q.Meta.Redirects {
		if was, now := spotOf(r.Text, p.URL), spotOf(r.Text, q.URL); was != now {
			raw := string(w.Source(r.Span.File)[r.Span.Start:r.Span.End])
			if i := strings.Index(raw, r.Text); i >= 0 {
				w.fix(diag.Span{File: r.Span.File, Start: r.Span.Start + i, End: r.Span.Start + i + len(r.Text)}, was.String())
			}
		}
	}
	if p.Meta.Draft {
		return // nobody has its address
	}
	var add []content.Redirect
	to := func(from, to spot) {
		if from != to {
			add = append(add, content.Redirect{From: from.String(), To: to.String()})
		}
	}
	to(spot{page: p.URL}, spot{page: q.URL})
	for _, was := range w.Was.listed() {
		for _, now := range w.Now.listed() {
			if was.thing.Page == p && now.thing.Page == q && was.page == now.page {
				to(was.spot, now.spot)
			}
		}
	}
	held := w.Now.holds()
	var remove []string
	for _, r := range w.Was.Config.Redirects {
		if at := spotOf(r.From, ""); held.has(at) && !w.Was.holds().has(at) {
			remove = append(remove, r.From)
		}
	}
	if len(add) == 0 && len(remove) == 0 {
		return
	}
	lines, ok := w.Was.Config.Redirecting.Fixes(add, remove)
	if !ok {
		w.stuck = append(w.stuck, diag.Finding{Code: "bad-config", Severity: diag.Error, Span: diag.Span{File: "site.toml"}, Hint: "write it as a table: a line [redirects], and below it one line for each redirect",
			Message: "the redirects stand in one line, out of which nothing can be taken safely"})
	}
	w.fixes = append(w.fixes, lines...)
}

// Addresses says where the page stood and stands, as site.toml writes it.
func (m Move) Addresses() (was, now string) {
	if p, q := m.Was.byFile[m.From], m.Now.byFile[m.To]; p != nil && q != nil {
		return spot{page: p.URL}.String(), spot{page: q.URL}.String()
	}
	return "", ""
}

// Row says whether a page shares its event with a row of events.csv, which knows it by its file name.
func (m Move) Row() bool {
	p := m.Was.byFile[m.From]
	if p == nil || p.Event == nil {
		return false
	}
	return slices.ContainsFunc(m.Was.data, func(d *content.Data) bool {
		return slices.ContainsFunc(d.Events, func(e content.EventRow) bool { return content.Fold(e.ID) == content.Fold(p.Thing.ID) })
	})
}
