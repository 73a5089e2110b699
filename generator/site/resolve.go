package site

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// names are the layers in which the resolver looks, from the strongest to the weakest (T-3). Keys are folded (T-4).
type names struct {
	path  map[string][]*Thing // path below content/, without .md
	file  map[string][]*Thing // file name without .md, or record id
	slug  map[string][]*Thing // the last part of a section's address, and its file name without the number
	title map[string][]*Thing
	alias map[string][]*Thing
	made  map[string][]*Thing // lists that the site makes, by address and title: found where a writer has nothing of that name
	all   []string            // every spelling there is, for did-you-mean
}

func (s *Site) indexNames() {
	n := names{map[string][]*Thing{}, map[string][]*Thing{}, map[string][]*Thing{}, map[string][]*Thing{}, map[string][]*Thing{}, map[string][]*Thing{}, nil}
	put := func(m map[string][]*Thing, name string, t *Thing) {
		key := content.Fold(name)
		if key == "" || slices.Contains(m[key], t) {
			return
		}
		m[key] = append(m[key], t)
		n.all = append(n.all, name)
	}
	for _, p := range s.Pages {
		base := strings.TrimSuffix(p.Name, ".md")
		put(n.path, base, p.Thing)
		if path.Base(base) == "index" {
			if dir := path.Dir(base); dir != "." {
				put(n.path, dir, p.Thing)
			}
		} else {
			put(n.file, path.Base(base), p.Thing)
		}
		if p.Type == content.Section {
			put(n.slug, strings.TrimSuffix(p.URL, "/"), p.Thing)
			put(n.slug, strings.TrimLeft(strings.TrimLeft(path.Base(base), "0123456789"), "-_. "), p.Thing)
		} else if p.Meta.Slug != "" {
			put(n.slug, p.Meta.Slug, p.Thing)
		}
		put(n.title, p.Meta.Title, p.Thing)
		for _, a := range p.Meta.Aliases {
			put(n.alias, a.Text, p.Thing)
		}
	}
	for _, m := range s.Made {
		if m.Thing != nil {
			put(n.made, m.Thing.ID, m.Thing)
			put(n.made, m.Title, m.Thing)
		}
	}
	ids := slices.Sorted(maps.Keys(s.Records))
	for _, id := range ids {
		put(n.file, id, s.Records[id])
	}
	sort.Strings(n.all)
	n.all = slices.Compact(n.all)
	s.names = n
	for _, p := range s.Pages {
		for _, a := range p.Meta.Aliases {
			key := content.Fold(a.Text)
			for _, t := range slices.Concat(n.file[key], n.title[key], n.alias[key]) {
				if t == p.Thing || t.Page != nil && t.Page.Order > p.Order && slices.Contains(n.alias[key], t) {
					continue
				}
				level := diag.Default
				if p.Type == content.Plain && (t.Page == nil || t.Page.Type == content.Plain) {
					level = diag.Warning // a link by that name is ambiguous-link, and without one nothing is wrong
				}
				f := s.add("duplicate-id", a.Span, "remove it here, or give the other one a name of its own", "the alias %q is the name of something else", a.Text)
				f.Severity = level
				f.Related = []diag.Related{{Span: t.Span, Message: fmt.Sprintf("%s %q", t.Kind, t.Title)}}
				break
			}
		}
	}
}

// find looks a name up, layer by layer, from the page dir: what writers wrote goes before what the site makes. many holds
// the candidates of a tie.
func (s *Site) find(name, dir string, only string) (found *Thing, many []*Thing) {
	name = strings.TrimSpace(name)
	clean := strings.TrimSuffix(strings.TrimPrefix(name, "/"), ".md")
	keep := func(ts []*Thing) []*Thing {
		if only == "" {
			return ts
		}
		var out []*Thing
		for _, t := range ts {
			if t.Kind == only {
				out = append(out, t)
			}
		}
		return out
	}
	layers := [][]*Thing{keep(s.names.path[content.Fold(path.Clean(clean))])}
	if rel := path.Join(dir, clean); !strings.HasPrefix(rel, "..") && !strings.HasPrefix(name, "/") {
		layers = append(layers, keep(s.names.path[content.Fold(rel)]))
	}
	if !strings.Contains(clean, "/") {
		layers = append(layers, keep(s.names.file[content.Fold(clean)]), keep(s.names.slug[content.Fold(clean)]))
	}
	layers = append(layers, keep(s.names.title[content.Fold(name)]), keep(s.names.alias[content.Fold(name)]))
	for _, l := range layers {
		switch {
		case len(l) == 1:
			return l[0], nil
		case len(l) > 1:
			var near []*Thing
			for _, t := range l {
				if t.Page != nil && path.Dir(t.Page.Name) == path.Clean(dir) {
					near = append(near, t)
				}
			}
			if len(near) == 1 {
				return near[0], nil
			}
			return nil, l
		}
	}
	// A path may leave out folders from its start, as Obsidian's shortest form does.
	if strings.Contains(clean, "/") && !strings.HasPrefix(clean, ".") {
		var end []*Thing
		tail := "/" + content.Fold(clean)
		for _, t := range keep(s.names.file[content.Fold(path.Base(clean))]) {
			if t.Page != nil && strings.HasSuffix("/"+content.Fold(strings.TrimSuffix(t.Page.Name, ".md")), tail) {
				end = append(end, t)
			}
		}
		if len(end) == 1 {
			return end[0], nil
		}
		if len(end) > 1 {
			return nil, end
		}
	}
	for _, at := range []string{path.Clean(clean), path.Join(dir, clean)} {
		if made := keep(s.names.made[content.Fold(at)]); len(made) == 1 {
			return made[0], nil
		}
	}
	return nil, nil
}

// resolvePage finds what the references of a page lead to.
func (s *Site) resolvePage(p *Page) {
	p.Targets = make([]Target, len(p.Refs))
	p.shows = nil
	for i := range p.Refs {
		t := s.resolve(&p.Refs[i], p)
		p.Targets[i] = t
		if p.Refs[i].Kind == content.RefEmbed && t.Thing != nil && t.Thing.Page != nil && !slices.Contains(p.shows, t.Thing.Page) {
			p.shows = append(p.shows, t.Thing.Page)
		}
	}
}

// listBlockRefs enters the references of some pages to blocks.
func (s *Site) listBlockRefs(pages []*Page) {
	for _, p := range pages {
		for i := range p.Refs {
			s.listBlockRef(p, &p.Refs[i], &p.Targets[i])
		}
	}
}

// listBlockRef enters a reference if it leads to a block, or would lead to one if there were one of that name.
func (s *Site) listBlockRef(from *Page, r *content.Ref, t *Target) {
	if t.Thing != nil && t.Thing.Page != nil && (t.Block >= 0 || r.Fragment != "" && t.Fragment == "") {
		s.toBlocks = append(s.toBlocks, blockRef{from, r, t})
	}
}

// listShowing brings the list of pages that embed others up to date for some pages.
func (s *Site) listShowing(pages []*Page) {
	for _, p := range pages {
		at, listed := slices.BinarySearchFunc(s.showing, p, func(a, b *Page) int { return cmp.Compare(a.Order, b.Order) })
		switch shows := len(p.shows) > 0; {
		case shows && !listed:
			s.showing = slices.Insert(s.showing, at, p)
		case listed && !shows:
			s.showing = slices.Delete(s.showing, at, at+1)
		}
	}
}

// blockRef is a reference to a block by its name: its target counts the blocks of another page.
type blockRef struct {
	from   *Page // nil: a record
	ref    *content.Ref
	target *Target
}

// resolveData finds what the references of a data file lead to.
func (s *Site) resolveData(d *content.Data) {
	ts := make([]Target, len(d.Refs))
	for i := range d.Refs {
		ts[i] = s.resolve(&d.Refs[i], nil)
		s.asOfItsDay(&d.Refs[i], &ts[i])
		if t := ts[i].Thing; t != nil {
			t.inData++
			s.listBlockRef(nil, &d.Refs[i], &ts[i])
		}
	}
	s.dataRefs[d] = ts
	for i := range d.Changes {
		c := &d.Changes[i]
		ch := &Change{Date: c.Date, Kind: c.Kind, Text: c.Text, Data: d}
		if c.Page >= 0 && ts[c.Page].Thing != nil {
			ch.Thing = ts[c.Page].Thing
			ch.Page = ch.Thing.Page
		}
		s.Changes = append(s.Changes, ch)
	}
}

// resolve finds what one reference leads to and reports what it does not. from is nil for records.
func (s *Site) resolve(r *content.Ref, from *Page) Target {
	t := Target{Block: -1, Head: -1, Past: -1}
	dir := "."
	if from != nil {
		dir = path.Dir(from.Name)
	}
	switch r.Kind {
	case content.RefNote, content.RefAside, content.RefChart, content.RefTimeline, content.RefSources:
	case content.RefFact:
		t.Thing = s.record(r, "fact", "unknown-fact")
		if t.Thing != nil && r.At != "" {
			t.Past = pastOf(t.Thing.Fact, r.At)
			if t.Past == -2 {
				s.add("unknown-fact", r.Span, "the dates it has: "+strings.Join(pastDates(t.Thing.Fact), ", "), "the fact %q has no value as of %q", r.Target, r.At)
				t.Thing, t.Past = nil, -1
			}
		}
	case content.RefEvent:
		t.Thing = s.record(r, "event", "unknown-event")
	case content.RefClaim:
		t.Thing = s.record(r, "claim", "unknown-claim")
	case content.RefCite:
		if r.Target == "*" && r.Hidden {
			return t
		}
		if r.Cite.Narrative && (from == nil || from.Type == content.Plain) && s.Records[r.Target] == nil && diag.Suggest(r.Target, s.ids["source"]) == "" {
			return t // an @name in a plain note is just that, unless it looks like a slip
		}
		t.Thing = s.record(r, "source", "unknown-source")
	case content.RefAuthor:
		for i := range s.Config.Authors {
			if s.Config.Authors[i].ID == r.Target {
				return t
			}
		}
		var ids []string
		for _, a := range s.Config.Authors {
			ids = append(ids, a.ID)
		}
		hint := "add [authors." + content.Slug(r.Target) + "] with a name to site.toml"
		if near := diag.Suggest(r.Target, ids); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		s.add("unknown-author", r.Span, hint, "site.toml knows no author %q", r.Target)
	case content.RefExternal:
		s.external(r)
	case content.RefImage:
		t.Asset, t.Fragment = s.image(r, dir), r.Fragment
	case content.RefLink:
		t = s.link(r, from, dir)
		if r.Attr && t.Thing != nil && t.Thing.Page == nil && kindWords[t.Thing.Kind] != "" && t.Thing.Kind != "made" {
			s.add("broken-link", r.Span, fmt.Sprintf("write it in markdown: [words](%s)", r.Target), "%q is %s, and the words of a link in HTML are not checked", r.Target, kindWords[t.Thing.Kind])
		}
	case content.RefEmbed:
		before := len(*s.into)
		t = s.link(r, from, dir)
		s.embeddable(r, from, &t, len(*s.into) > before)
	}
	return t
}

func (s *Site) record(r *content.Ref, kind, code string) *Thing {
	if t := s.Records[r.Target]; t != nil && t.Kind == kind {
		return t
	}
	// Event and claim links may use a title or alias too.
	if t, _ := s.find(r.Target, ".", kind); t != nil && r.Target != "" {
		return t
	}
	files := map[string]string{"fact": "content/data/facts.toml", "event": "content/data/events.csv", "claim": "content/data/claims.toml", "source": "content/data/sources.json"}
	hint := "add it to " + files[kind]
	if near := diag.Suggest(r.Target, s.ids[kind]); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	} else if t := s.Records[r.Target]; t != nil {
		hint = fmt.Sprintf("%q is %s", r.Target, kindWords[t.Kind])
	}
	s.add(code, r.Span, hint, "no %s is called %q", kind, r.Target)
	return nil
}

// kindWords are the kinds of what has no page of its own, as messages name them.
var kindWords = map[string]string{"fact": "a fact", "event": "an event", "claim": "a claim", "source": "a source", "made": "a list that the site makes"}

func pastDates(f *content.Fact) []string {
	var out []string
	for _, h := range f.History {
		out = append(out, h.AsOf.ISO)
	}
	return append(out, f.AsOf.ISO)
}

// pastOf finds the value of a fact as of a date: -1 is the current one, -2 none. A coarser date finds the newest
// value in it.
func pastOf(f *content.Fact, at string) int {
	best := -2
	for i, h := range f.History {
		if h.AsOf.ISO == at {
			return i
		}
		if strings.HasPrefix(h.AsOf.ISO, at) {
			best = i
		}
	}
	if f.AsOf.ISO == at || best == -2 && strings.HasPrefix(f.AsOf.ISO, at) {
		return -1
	}
	return best
}

// external checks what can be known of a link to elsewhere without asking the network (T-61).
func (s *Site) external(r *content.Ref) {
	u, err := url.Parse(r.Target)
	if err != nil {
		return
	}
	host := strings.ToLower(u.Hostname())
	if host == "localhost" || host == "127.0.0.1" || host == "::1" || host == "0.0.0.0" {
		s.add("local-url", r.Span, "link to the page by its file name, or to the published address; to show the address, write it between backquotes without a link", "this address works only on your own machine")
		return
	}
	if b, err := url.Parse(s.Base); err == nil && s.Base != "" && strings.EqualFold(u.Host, b.Host) && strings.HasPrefix(u.Path, b.Path) {
		s.add("local-url", r.Span, "link to the page by its file name, so that the link works in every copy", "this is the full address of a page of this very site")
	}
}

// link resolves [[x]], [y](x.md) and ![[x]].
func (s *Site) link(r *content.Ref, from *Page, dir string) Target {
	t := Target{Block: -1, Head: -1, Past: -1}
	name := r.Target
	if r.Planned {
		if found, _ := s.find(name, dir, ""); found != nil {
			t.Thing = found
			return t
		}
		s.add("planned-link", r.Span, "write the page, or leave the mark: readers see plain text", "the page %q is planned", name)
		return t
	}
	if name == "" {
		if from == nil || r.Fragment == "" {
			s.add("broken-link", r.Span, "name a page: [words](page.md) or [[page]]", "this link leads nowhere")
			return t
		}
		t.Thing = from.Thing
		s.fragment(r, from, &t)
		return t
	}
	if strings.ContainsAny(name, "\\") && !strings.Contains(name, "/") {
		name = strings.ReplaceAll(name, "\\", "/")
	}
	if rel := path.Join(dir, name); strings.HasPrefix(rel, "..") && !strings.HasPrefix(name, "/") && (strings.HasPrefix(name, "..") || strings.Contains(name, "/..")) {
		s.add("escaping-path", r.Span, "link only to what lies in content/", "%q leads out of the site", name)
		return t
	}
	if a := s.asset(name, dir); a != nil && !strings.HasSuffix(name, ".md") {
		t.Asset, t.Fragment = a, r.Fragment
		return t
	}
	found, many := s.find(strings.TrimSuffix(name, "/"), dir, "")
	if found == nil && many == nil && strings.HasSuffix(name, "/") {
		found, many = s.byAddress(name, from)
	}
	switch {
	case len(many) > 0:
		f := s.add("ambiguous-link", r.Span, "write "+s.spellings(many, r.Wiki), "%q can mean %d pages", r.Target, len(many))
		for _, m := range many {
			f.Related = append(f.Related, diag.Related{Span: m.Span, Message: fmt.Sprintf("%s %q", m.Kind, m.Title)})
		}
		return t
	case found == nil:
		s.broken(r, dir)
		return t
	}
	t.Thing = found
	if found.Page != nil {
		s.fragment(r, found.Page, &t)
	} else if rec := s.Records[r.Fragment]; found.Kind == "made" && rec != nil && strings.HasPrefix(rec.URL, found.URL) {
		t.Fragment = r.Fragment
	} else if r.Fragment != "" && r.Fragment != "top" {
		s.add("broken-anchor", r.Span, "leave out the part after #", "%q is %s and has no headings", r.Target, kindWords[found.Kind])
	}
	return t
}

// embeddable reports an embed that cannot be shown where it stands. One of a list that the site makes shows nothing; one
// inside a line stays a link. found says that something else is wrong with it, which is enough.
func (s *Site) embeddable(r *content.Ref, from *Page, t *Target, found bool) {
	list := t.Thing != nil && (t.Thing.Kind == "made" || t.Thing.Page != nil && t.Thing.Page.Made != nil)
	if list {
		defer func() { *t = Target{Block: -1, Head: -1, Past: -1} }()
	}
	switch {
	case t.Thing == nil || found:
	case list:
		hint := "write a link to it: [[" + r.Target + "]]"
		if t.Thing.URL == "timeline/" {
			hint += "; for events on this page, write a ```timeline block"
		}
		s.add("bad-embed", r.Span, hint, "%q is a list that the site makes, which can only be linked to", r.Target)
	case t.Block >= 0 && t.Thing.Page.Blocks[t.Block].Kind == "html":
		s.add("bad-embed", r.Span, "put a ^name at the end of the paragraph that is meant, and write that behind #", "%q is an id of HTML, of which nobody can tell where it ends", r.Fragment)
	case t.Head >= 0 && headCut(t.Thing.Page.Doc, t.Head) != nil:
		s.add("bad-embed", r.Span, "end the element before that heading, or show the whole page", "the part below %q cannot be shown alone: it lies partly inside <%s>", r.Fragment, headCut(t.Thing.Page.Doc, t.Head).Name)
	case from == nil || r.Block < 0 || from.Blocks[r.Block].Kind != "embed":
		hint := "put it on a line of its own, with an empty line before and after; in a line, write a link: " + s.wikiForm(r)
		if t.Thing.Fact != nil {
			hint = "write [](fact:" + t.Thing.ID + ") for its value; ![[…]] shows the whole record, on a line of its own"
		}
		s.add("bad-embed", r.Span, hint, "an embed cannot be shown inside a line of text")
	}
}

// wikiForm is a reference as a [[link]].
func (s *Site) wikiForm(r *content.Ref) string {
	if r.Fragment != "" {
		return "[[" + r.Target + "#" + r.Fragment + "|words]]"
	}
	return "[[" + r.Target + "]]"
}

// byAddress lets a link name a page by where it stands in the output: ../terms/x/.
func (s *Site) byAddress(name string, from *Page) (*Thing, []*Thing) {
	base := ""
	if from != nil {
		base = from.URL
	}
	u := path.Join(base, name)
	if strings.HasPrefix(name, "/") {
		u = strings.TrimPrefix(path.Clean(name), "/")
	}
	at := u + "/"
	if u == "" || u == "." {
		at = ""
	}
	if p := s.byURL[at]; p != nil {
		return p.Thing, nil
	}
	for _, m := range s.Made {
		if m.Thing != nil && m.URL == u+"/" {
			return m.Thing, nil
		}
	}
	return nil, nil
}

// spellings names the shortest unambiguous way to write each candidate.
func (s *Site) spellings(many []*Thing, wiki bool) string {
	var out []string
	for _, m := range many {
		name := m.ID
		if m.Page != nil {
			name = strings.TrimSuffix(m.Page.Name, ".md")
		}
		if !wiki && m.Page != nil {
			out = append(out, "/"+m.Page.Name)
		} else {
			out = append(out, "[["+name+"]]")
		}
	}
	return strings.Join(out, " or ")
}

// slashless is a web address that lacks its colon: https//example.org, http.//example.org.
var slashless = regexp.MustCompile(`^(https?)[.;,]?/{1,2}`)

// broken reports a link that leads nowhere.
func (s *Site) broken(r *content.Ref, dir string) {
	name := strings.TrimSuffix(strings.TrimSuffix(r.Target, "/"), ".md")
	if scheme, rest, has := strings.Cut(r.Target, ":"); has && r.Wiki {
		switch strings.ToLower(scheme) {
		case "http", "https", "mailto", "tel":
			s.add("broken-link", r.Span, "write ["+wordsOf(r)+"]("+r.Target+")", "double brackets hold the name of a page, not an address")
			return
		case "fact", "event", "claim":
			rest = strings.TrimSpace(rest)
			s.add("broken-link", r.Span, fmt.Sprintf("write %s, or [%s](%s:%s)", wikiAs(r, rest), wordsOf(r), strings.ToLower(scheme), rest), "double brackets hold a name alone, without %s:", scheme)
			return
		}
	}
	isFile := path.Ext(r.Target) != "" && path.Ext(r.Target) != ".md" && len(path.Ext(r.Target)) <= len(".canvas") && !strings.Contains(path.Ext(r.Target), " ")
	if isFile {
		s.add("broken-asset", r.Span, s.nearAsset(r.Target, "put it into content/, or correct the name"), "there is no file %q", r.Target)
		return
	}
	hint := ""
	switch near := diag.Suggest(path.Base(name), s.names.all); {
	case strings.Contains(r.Target, "@") && !r.Wiki:
		hint = fmt.Sprintf("did you mean mailto:%s?", r.Target)
	case slashless.MatchString(r.Target):
		hint = fmt.Sprintf("did you mean %s?", slashless.ReplaceAllString(r.Target, "$1://"))
	case strings.HasPrefix(r.Target, "www.") || !r.Wiki && strings.Contains(r.Target, ".") && strings.Count(r.Target, "/") >= 1 && strings.Contains(strings.SplitN(r.Target, "/", 2)[0], "."):
		if !strings.HasPrefix(r.Target, ".") {
			hint = fmt.Sprintf("did you mean https://%s?", r.Target)
		}
	case s.draft(name) != "":
		hint = s.draft(name) + " is a draft, and drafts are not published; remove draft: true or the link"
	case near != "":
		switch t, _ := s.find(near, dir, ""); {
		case t != nil && t.Page != nil && r.Wiki:
			hint = fmt.Sprintf("did you mean %s? (%s)", wikiAs(r, near), t.Page.File)
		case t != nil && t.Page != nil:
			hint = fmt.Sprintf("did you mean %q?", relativeFile(dir, t.Page.Name))
		case r.Wiki || strings.ContainsAny(near, " ()<>"):
			hint = fmt.Sprintf("did you mean %s?", wikiAs(r, near))
		default:
			hint = fmt.Sprintf("did you mean %q?", near)
		}
	case r.Wiki && r.Kind == content.RefLink:
		hint = "write the page, or mark it as planned: [[?" + r.Target + "]]"
	}
	if hint == "" {
		hint = "correct the name, or write the page"
	}
	s.add("broken-link", r.Span, hint, "no page is called %q", r.Target)
}

// wikiAs is a wikilink as it is written, with another target.
func wikiAs(r *content.Ref, target string) string {
	link := "[[" + target
	if r.Kind == content.RefEmbed {
		link = "!" + link
	}
	if r.Fragment != "" {
		link += "#" + r.Fragment
	}
	if w := wordsOf(r); w != "words" {
		link += "|" + w
	}
	return link + "]]"
}

// wordsOf is what a link shows, if the writer typed that; else it is "words".
func wordsOf(r *content.Ref) string {
	shown := strings.TrimSuffix(r.Target, ".md")
	if !r.Wiki && r.Label != "" || r.Label != "" && r.Label != shown && !strings.HasPrefix(r.Label, shown+" › ") {
		return r.Label
	}
	return "words"
}

func (s *Site) draft(name string) string {
	return s.drafts[content.Fold(path.Base(name))]
}

func relativeFile(dir, name string) string {
	up := ""
	for dir != "." && dir != "" && !strings.HasPrefix(name, dir+"/") {
		up += "../"
		dir = path.Dir(dir)
	}
	if dir != "." && dir != "" {
		name = strings.TrimPrefix(name, dir+"/")
	}
	return up + name
}

// asset finds a file by its path from the page, from content/, from static/, or by its bare name (T-10).
func (s *Site) asset(name, dir string) *Asset {
	if name == "" {
		return nil
	}
	clean := strings.TrimPrefix(name, "/")
	tries := []string{path.Join(dir, clean), path.Clean(clean)}
	if strings.HasPrefix(name, "/") {
		tries = tries[1:]
	}
	for _, p := range tries {
		if a := s.assets[foldPath(p)]; a != nil {
			return a
		}
	}
	if !strings.Contains(clean, "/") {
		if list := s.byBase[foldPath(clean)]; len(list) == 1 {
			return list[0]
		}
	}
	return nil
}

func foldPath(p string) string { return strings.ToLower(norm.NFC.String(p)) }

func (s *Site) image(r *content.Ref, dir string) *Asset {
	switch {
	case strings.HasPrefix(r.Target, "data:"):
		return &Asset{Path: r.Target}
	case strings.Contains(r.Target, "://") || strings.HasPrefix(r.Target, "//"):
		hint := "save the picture into content/ and write its file name"
		if name, _, _ := strings.Cut(r.Target, "?"); content.MediaOf(name) != content.Picture { // such as the page of a film
			hint = "link to it: [words](" + r.Target + "); or, if it is a picture, save it into content/ and write its file name"
		}
		s.add("broken-asset", r.Span, hint, "a picture from another site is not shown: readers would be tracked, and it may vanish")
		return nil
	}
	if rel := path.Join(dir, r.Target); strings.HasPrefix(rel, "..") && !strings.HasPrefix(r.Target, "/") {
		s.add("escaping-path", r.Span, "link only to what lies in content/", "%q leads out of the site", r.Target)
		return nil
	}
	if a := s.asset(r.Target, dir); a != nil {
		return a
	}
	if list := s.byBase[foldPath(r.Target)]; len(list) > 1 {
		var names []string
		for _, a := range list {
			names = append(names, strings.TrimPrefix(a.File, "content/"))
		}
		s.add("ambiguous-link", r.Span, "write "+strings.Join(names, " or "), "%d files are called %q", len(list), r.Target)
		return nil
	}
	s.add("broken-asset", r.Span, s.nearAsset(r.Target, "put it into content/, or correct the name"), "there is no file %q", r.Target)
	return nil
}

func (s *Site) nearAsset(name, other string) string {
	var have []string
	for base, list := range s.byBase {
		if len(list) > 0 {
			have = append(have, cmp.Or(path.Base(list[0].File), base))
		}
	}
	sort.Strings(have)
	if near := diag.Suggest(path.Base(name), have); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return other
}
