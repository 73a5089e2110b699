package site

import (
	"slices"
	"strings"
	"unicode"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// fragment resolves what follows #: heading text, heading id, A#B, or ^block (T-5, T-6).
func (s *Site) fragment(r *content.Ref, p *Page, t *Target) {
	frag := r.Fragment
	if frag == "" || frag == "top" && r.Kind == content.RefLink {
		return
	}
	if name, ok := strings.CutPrefix(frag, "^"); ok {
		i := slices.IndexFunc(p.Blocks, func(b content.Block) bool { return b.Named && b.Name == name && b.Kind != "note" })
		if i < 0 {
			i = blockOf(p.Doc, name)
		}
		if i >= 0 {
			t.Block, t.Fragment = i, p.Blocks[i].ID
			return
		}
		var have []string
		for _, b := range p.Blocks {
			if b.Named {
				have = append(have, b.Name)
			}
		}
		hint := "put ^" + name + " at the end of the paragraph that is meant"
		if near := diag.Suggest(name, have); near != "" {
			hint = "did you mean #^" + near + "?"
		}
		s.add("broken-block", r.Span, hint, "%s has no block ^%s", p.Name, name)
		return
	}
	if !r.Wiki { // [x](y.md#id) names an id, which is one heading's
		if i := slices.IndexFunc(p.Heads, func(h content.Heading) bool { return h.ID == frag }); i >= 0 {
			t.Head, t.Fragment = i, frag
			return
		}
	}
	parts := strings.Split(frag, "#")
	hits := headsOf(p, parts)
	if len(hits) > 0 {
		h := p.Heads[hits[0]]
		t.Head, t.Fragment = hits[0], h.ID
		if len(hits) > 1 {
			hint := "write #" + h.ID + " or #" + p.Heads[hits[1]].ID
			if first, second := pathTo(p, hits[0]), pathTo(p, hits[1]); r.Wiki && first == second {
				hint = "give one of the two headings other words"
			} else if r.Wiki {
				hint = "name the heading above it too: " + first + " or " + second
			}
			f := s.add("ambiguous-link", r.Span, hint, "%s has %d headings %q; this link goes to the first", p.Name, len(hits), parts[len(parts)-1])
			f.Severity = diag.Warning
		}
		return
	}
	if len(parts) == 1 && content.Slug(frag) == content.Slug(p.Meta.Title) {
		t.Fragment = "top" // the first heading, which the layout shows as the title
		return
	}
	if i := blockOf(p.Doc, frag); i >= 0 {
		t.Block, t.Fragment = i, frag
		return
	}
	var have []string
	for _, h := range p.Heads {
		if r.Wiki {
			have = append(have, h.Text)
		} else {
			have = append(have, h.ID)
		}
	}
	hint := "see the headings of that page"
	if slices.Contains(p.LostIDs, frag) {
		hint = "that place is HTML, which is shown as text: give a heading the id, ## Words {#" + frag + "}; or set raw_html = true in site.toml"
	} else if near := diag.Suggest(parts[len(parts)-1], have); near != "" {
		hint = "did you mean #" + near + "?"
	} else if len(have) > 0 && len(have) <= 8 {
		hint = "its headings are " + strings.Join(have, ", ")
	}
	s.add("broken-anchor", r.Span, hint, "%s has no heading %q", p.Name, frag)
}

// blockOf is the index of the block with an id, or -1. A note has the id of the block that refers to it.
func blockOf(d *content.Doc, id string) int {
	return slices.IndexFunc(d.Blocks, func(b content.Block) bool { return b.ID == id && b.Kind != "note" })
}

// headsOf finds the headings that a #A#B path names: each part below the one before.
func headsOf(p *Page, parts []string) []int {
	var out []int
	want := content.Slug(parts[len(parts)-1])
	for i, h := range p.Heads {
		if h.ID != parts[len(parts)-1] && (want == "" || content.Slug(h.Text) != want) && githubID(h.Text) != parts[len(parts)-1] && !strings.EqualFold(strings.TrimSpace(h.Text), strings.TrimSpace(parts[len(parts)-1])) {
			continue
		}
		level, k := h.Level, len(parts)-2
		for j := i - 1; j >= 0 && k >= 0; j-- {
			if up := p.Heads[j]; up.Level < level {
				level = up.Level
				if content.Slug(up.Text) == content.Slug(parts[k]) {
					k--
				}
			}
		}
		if k < 0 {
			out = append(out, i)
		}
	}
	// Headings whose very text it is go before those that only fold to the same (U and Ü); an id that no text gives, such
	// as detail-2, is one heading's.
	last := strings.TrimSpace(parts[len(parts)-1])
	for _, same := range []func(h content.Heading) bool{
		func(h content.Heading) bool { return strings.EqualFold(strings.TrimSpace(h.Text), last) },
		func(h content.Heading) bool { return h.ID == last },
	} {
		if exact := slices.DeleteFunc(slices.Clone(out), func(i int) bool { return !same(p.Heads[i]) }); len(exact) > 0 {
			return exact
		}
	}
	return out
}

// githubID is the id that GitHub gives a heading: links that work there work here, too.
func githubID(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

func pathTo(p *Page, i int) string {
	h := p.Heads[i]
	for j := i - 1; j >= 0; j-- {
		if p.Heads[j].Level < h.Level {
			return "#" + p.Heads[j].Text + "#" + h.Text
		}
	}
	return "#" + h.Text
}
