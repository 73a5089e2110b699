package site

import (
	"cmp"
	"fmt"
	"html"
	"strconv"
	"strings"

	"gloss/generator/content"
)

// twin is a page as markdown for programs and people that rather read that: the writer's own text with its references
// resolved. Its links lead to the HTML pages, as seen from this one, since it lies beside it. It is made after the View,
// whose numbers of sources it uses.
func (v *viewer) twin(out *View) string {
	p, s, w := v.page, v.s, &v.s.Lang.UI
	var b strings.Builder
	para := func(text string) {
		if text = strings.TrimSpace(text); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	para("# " + escapeMarkdown(out.Title))
	if out.Kind == "event" {
		para(escapeMarkdown(out.Event.When))
	}
	para(v.inlineTwin(p, p.Meta.Answer))
	para(v.inlineTwin(p, p.Meta.Summary))
	para(v.inlineTwin(p, p.Meta.Standfirst))
	if role := v.inlineTwin(p, p.Meta.Role); role != "" {
		if out.RoleAsOf.Text != "" {
			role += " (" + w.AsOf + " " + out.RoleAsOf.Text + ")"
		}
		para(w.Role + ": " + role)
	}
	var facts []string
	if len(out.Authors) > 0 {
		var names []string
		for _, a := range out.Authors {
			names = append(names, escapeMarkdown(a.Name))
		}
		facts = append(facts, w.By+" "+strings.Join(names, w.Comma+" "))
	}
	if out.Published.Text != "" {
		facts = append(facts, w.Published+" "+out.Published.Text)
	}
	if out.Updated.Text != "" && out.Updated.ISO != out.Published.ISO {
		facts = append(facts, w.Updated+" "+out.Updated.Text)
	}
	para(strings.Join(facts, " · "))
	list := func(title string, n int, item func(i int) string) {
		if n == 0 {
			return
		}
		para("## " + title)
		for i := range n {
			b.WriteString("- " + item(i) + "\n")
		}
		b.WriteString("\n")
	}
	list(w.KeyPoints, len(p.Meta.Takeaways), func(i int) string { return v.inlineTwin(p, p.Meta.Takeaways[i]) })
	tiles := p.things(p.Meta.Tiles)
	list(w.Numbers, len(tiles), func(i int) string { return v.factTwin(tiles[i]) })
	b.WriteString(strings.Trim(v.bodyTwin(p, out), "\n") + "\n\n")
	if p.Type == content.Overview {
		list(w.AllQuestions, len(s.Path), func(i int) string {
			q := s.Path[i]
			line := markdownLink(q.Meta.Title, v.rel(q.URL))
			if a := textOf(v.quoted(q, q.Meta.Answer)); a != "" {
				line += ": " + escapeMarkdown(a)
			}
			return line
		})
	}
	if len(out.Sources) > 0 {
		para("## " + w.SourcesHere)
		for _, c := range out.Sources {
			fmt.Fprintf(&b, "%d. %s", c.Number, escapeMarkdown(textOf(c.Source.Text)))
			if c.Source.Chain != "" {
				b.WriteString(" (" + escapeMarkdown(c.Source.Chain) + ")")
			}
			if to := cmp.Or(c.Source.Link, c.Source.Archive); isWeb(to) && (c.Source.Link != "" || c.Source.Gone.ISO != "") {
				b.WriteString(" <" + strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20").Replace(to) + ">")
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	if out.Canonical != "" {
		para("<" + out.Canonical + ">")
	}
	if s.Config.Licence != "" {
		para(w.Licence + ": " + escapeMarkdown(s.Config.Licence))
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// bodyTwin fills the places of a body.
func (v *viewer) bodyTwin(p *Page, out *View) string {
	var b, note strings.Builder
	var notes []string
	to := &b
	for _, st := range p.Twin {
		if st.Ref < 0 {
			text := st.Text
			if s := to.String(); strings.HasSuffix(s, "\n\n") || s == "" {
				text = strings.TrimLeft(text, "\n")
			}
			to.WriteString(text)
			continue
		}
		r, t := &p.Refs[st.Ref], p.Targets[st.Ref]
		switch st.Part {
		case content.OpenNote:
			to = &note
			note.Reset()
			continue
		case content.CloseNote:
			to = &b
			name := p.Doc.NoteName(r.Index)
			b.WriteString("[^" + name + "]")
			notes = append(notes, "[^"+name+"]: "+strings.Join(strings.Fields(note.String()), " "))
			continue
		case content.OpenRef:
			if r.Kind == content.RefExternal || t.OK() {
				to.WriteString("[")
			}
			continue
		case content.CloseRef:
			if r.Kind == content.RefExternal {
				to.WriteString("](" + markdownAddress(r.Target) + ")")
			} else if t.OK() {
				to.WriteString("](" + markdownAddress(v.address(t)) + ")")
			}
			continue
		}
		text := v.refTwin(p, r, t, out)
		if st.Indent != "" {
			text = strings.ReplaceAll(text, "\n", "\n"+st.Indent)
		}
		to.WriteString(text)
	}
	for i, n := range notes {
		if i == 0 {
			b.WriteString("\n")
		}
		b.WriteString("\n" + n + "\n")
	}
	return b.String()
}

// address is where a reference leads, as seen from this page.
func (v *viewer) address(t Target) string {
	if t.Asset != nil {
		return v.rel(EscapePath(t.Asset.Path)) + t.file()
	}
	to := t.Thing.URL
	if t.Fragment != "" {
		to += "#" + t.Fragment
	}
	if to = v.rel(to); strings.HasPrefix(to, "#") {
		to = "./" + to // of the HTML page, since markdown has no ids
	}
	return to
}

// refTwin is what stands in the place of one reference.
func (v *viewer) refTwin(p *Page, r *content.Ref, t Target, out *View) string {
	s := v.s
	if r.Attr {
		return strings.ReplaceAll(esc(v.attr(r, t)), "'", "&#39;") // whichever quotation mark stands around it
	}
	switch r.Kind {
	case content.RefCite:
		n := v.number[t.Thing]
		switch {
		case t.Thing == nil || n == 0:
			return escapeMarkdown(r.Target)
		case r.Cite.Narrative:
			return escapeMarkdown(shortName(t.Thing.Source)) + " [" + strconv.Itoa(n) + "]"
		}
		return strconv.Itoa(n)
	case content.RefImage:
		switch {
		case t.Asset == nil:
			return escapeMarkdown(r.Image.Alt)
		case strings.HasPrefix(t.Asset.Path, "data:"):
			return "![" + escapeMarkdown(r.Image.Alt) + "](" + t.Asset.Path + ")"
		case content.MediaOf(t.Asset.Path) == content.Picture:
			return "!" + markdownLink(r.Image.Alt, v.address(t))
		}
		return markdownLink(r.Image.Alt, v.address(t))
	case content.RefChart:
		return v.chartTwin(p, r.Index)
	case content.RefTimeline:
		var lines []string
		for _, g := range s.viewer(p, v.url).timeline(p, &p.Lines[r.Index]).Groups {
			for _, e := range g.Events {
				lines = append(lines, "- "+escapeMarkdown(e.When)+": "+markdownLink(e.Title, e.URL))
			}
		}
		return strings.Join(lines, "\n")
	case content.RefSources, content.RefNote:
		return ""
	case content.RefEmbed:
		if t.Asset != nil {
			return markdownLink(r.Label, v.address(t)) + " (" + fileFacts(t.Asset) + ")"
		}
		if t.Thing == nil {
			return escapeMarkdown(r.Label)
		}
		if !v.inlineEmbed(r, p) {
			switch t.Thing.Kind {
			case "claim":
				return v.claimTwin(t.Thing)
			case "fact":
				return v.factTwin(t.Thing)
			case "source":
				return escapeMarkdown(textOf(s.viewer(p, v.url).source(t.Thing).Text))
			}
			return markdownLink(t.Thing.Title, v.address(t))
		}
	}
	label := cmp.Or(r.Label, s.inserted(r, t))
	if !t.OK() || r.Hidden {
		return escapeMarkdown(label)
	}
	if label == "" && t.Thing != nil {
		label = t.Thing.Title
	}
	return markdownLink(label, v.address(t))
}

func (v *viewer) factTwin(t *Thing) string {
	f := v.s.viewer(nil, v.url).fact(t)
	return escapeMarkdown(f.Label) + ": " + markdownLink(strings.TrimSpace(f.Value+" "+f.Unit), f.URL) + " (" + v.s.Lang.UI.AsOf + " " + f.AsOf.Text + ")"
}

// claimTwin is a claim with its positions, as a quotation.
func (v *viewer) claimTwin(t *Thing) string {
	w, c := &v.s.Lang.UI, v.s.viewer(nil, v.url).claim(t)
	lines := []string{"> **" + w.Claim + ":** " + markdownLink(textOf(c.Claim), c.URL) + " (" + c.StatusText + ")", ">"}
	for _, p := range c.Positions {
		line := "> - " + escapeMarkdown(p.Who)
		if p.Date.Text != "" {
			line += ", " + p.Date.Text
		}
		lines = append(lines, line+": "+escapeMarkdown(textOf(p.Says)))
	}
	return strings.Join(lines, "\n")
}

// chartTwin is a chart as a table.
func (v *viewer) chartTwin(p *Page, n int) string {
	c := v.s.viewer(p, v.url).chartView(p, n)
	w := &v.s.Lang.UI
	lines := []string{"**" + v.inlineTwin(p, p.Charts[n].Title) + "**"}
	if c.Subtitle != "" {
		lines = append(lines, "", v.inlineTwin(p, p.Charts[n].Subtitle))
	}
	lines = append(lines, "")
	named, noted := false, false
	for _, s := range c.Series {
		named = named || s.Name != ""
		for _, pt := range s.Points {
			noted = noted || pt.Note != ""
		}
	}
	row := func(series, x, y, note string) { // y is markdown
		cells := []string{escapeMarkdown(x), y}
		if named {
			cells = append([]string{escapeMarkdown(series)}, cells...)
		}
		if noted {
			cells = append(cells, escapeMarkdown(note))
		}
		for i := range cells {
			cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
		}
		lines = append(lines, "| "+strings.Join(cells, " | ")+" |")
	}
	row("", c.XLabel, escapeMarkdown(cmp.Or(c.YLabel, w.Value)), w.Note)
	lines = append(lines, "|"+strings.Repeat(" --- |", strings.Count(lines[len(lines)-1], " |")))
	for _, s := range c.Series {
		for _, pt := range s.Points {
			if pt.Missing {
				continue
			}
			y := escapeMarkdown(pt.Text)
			if pt.URL != "" { // a fact, which programs can look up
				y = markdownLink(pt.Text, pt.URL)
			}
			row(s.Name, pt.Label, y, pt.Note)
		}
	}
	lines = append(lines, "")
	if len(c.Sources) > 0 {
		var names []string
		for _, s := range c.Sources {
			names = append(names, markdownLink(s.Title, s.URL))
		}
		lines = append(lines, w.Sources+": "+strings.Join(names, "; ")+". "+markdownLink(w.DataCSV, c.CSV))
	} else {
		lines = append(lines, markdownLink(w.DataCSV, c.CSV))
	}
	return strings.Join(lines, "\n")
}

// inlineTwin is a text of front matter, with its sources by number.
func (v *viewer) inlineTwin(p *Page, in content.Inline) string {
	var b strings.Builder
	for _, piece := range in.Body {
		if piece.Ref < 0 {
			b.WriteString(escapeMarkdown(html.UnescapeString(stripTags(piece.HTML))))
			continue
		}
		r, t := &p.Refs[piece.Ref], p.Targets[piece.Ref]
		switch {
		case piece.Close && t.OK():
			b.WriteString("](" + markdownAddress(v.address(t)) + ")")
		case piece.Close:
		case r.Kind == content.RefCite && t.Thing != nil:
			n := strings.TrimSpace(r.Cite.Prefix + " " + strconv.Itoa(v.number[t.Thing]))
			if r.Cite.Locator != "" {
				n += ", " + r.Cite.Locator
			}
			n = "[" + n + "]"
			if r.Cite.Narrative {
				n = escapeMarkdown(shortName(t.Thing.Source)) + " " + n
			} else if b.Len() > 0 && !strings.HasSuffix(b.String(), " ") {
				n = " " + n
			}
			b.WriteString(n)
		case r.Kind == content.RefCite:
			b.WriteString(escapeMarkdown(r.Target))
		case r.Kind == content.RefLink, r.Kind == content.RefFact, r.Kind == content.RefEvent, r.Kind == content.RefClaim, r.Kind == content.RefEmbed:
			if t.OK() {
				b.WriteString("[" + escapeMarkdown(v.s.inserted(r, t)))
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func markdownLink(label, address string) string {
	return "[" + escapeMarkdown(label) + "](" + markdownAddress(address) + ")"
}

// markdownAddress writes an address so that it ends where it ends (CommonMark 0.31 §6.3).
func markdownAddress(a string) string {
	if a == "" || strings.ContainsAny(a, " ()<>\\") {
		return "<" + strings.NewReplacer("<", "%3C", ">", "%3E", "\\", "%5C", "\n", "%0A").Replace(a) + ">"
	}
	return a
}

var markdownEscapes = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, "\n", " ")

// escapeMarkdown writes text so that it means itself inside a line of markdown.
func escapeMarkdown(s string) string { return markdownEscapes.Replace(s) }
