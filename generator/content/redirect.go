package content

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"gloss/generator/diag"
)

// RedirectTable is where the redirects of a site.toml stand and how they are written, so that one can be added.
type RedirectTable struct {
	File   string
	At     int            // where a new one goes: byte offset
	Before string         // what must come before the first new one
	Ending string         // the line end of the file
	Inline bool           // redirects = { … }
	Dotted bool           // redirects."/a/" = "/b/"
	Lines  []RedirectLine // those that stand there
}

// RedirectLine is the place of one redirect.
type RedirectLine struct {
	Key      string
	From, To int // the whole line with its end
}

// Fixes say how redirects get into the table: each is a fix that only inserts, or that takes out a line whose address
// is among those to remove or gets a new target, so that every other byte of the file, its comments and its order stay.
// The fixes for what is added come last, one for each. They belong together. ok is false when the table is written in a
// way from which nothing can be taken.
func (t RedirectTable) Fixes(add []Redirect, remove []string) (fixes []diag.Fix, ok bool) {
	if t.File == "" {
		return nil, false // the file cannot be read
	}
	gone := map[string]bool{}
	for _, r := range remove {
		gone[r] = true
	}
	for _, r := range add {
		gone[r.From] = true
	}
	span := func(from, to int) diag.Span { return diag.Span{File: t.File, Start: from, End: to} }
	for _, l := range t.Lines {
		if gone[l.Key] && t.Inline {
			return nil, false // a comma would have to go with it
		} else if gone[l.Key] {
			fixes = append(fixes, diag.Fix{Span: span(l.From, l.To)})
		}
	}
	for i, r := range add {
		line := tomlText(r.From) + " = " + tomlText(r.To)
		switch {
		case t.Inline && i == 0 && len(t.Lines) == 0:
			line = " " + line
		case t.Inline:
			line = ", " + line
		case t.Dotted:
			line = "redirects." + line + t.Ending
		default:
			line += t.Ending
		}
		if i == 0 {
			line = t.Before + line
		}
		fixes = append(fixes, diag.Fix{Span: span(t.At, t.At), Text: line})
	}
	return fixes, true
}

// findRedirects reads where the table stands in a file that is TOML.
func findRedirects(f File) RedirectTable {
	t := RedirectTable{File: f.Name, Ending: "\n"}
	if bytes.Contains(f.Text, []byte("\r\n")) {
		t.Ending = "\r\n"
	}
	skip := 0
	if bytes.HasPrefix(f.Text, []byte("\xEF\xBB\xBF")) {
		skip = 3
	}
	src := f.Text[skip:]
	found, here, top := false, false, true
	end := 0 // behind the last thing that belongs to the table
	p := unstable.Parser{}
	p.Reset(src)
	for p.NextExpression() {
		n := p.Expression()
		if n.Kind != unstable.KeyValue && n.Kind != unstable.Table && n.Kind != unstable.ArrayTable {
			continue
		}
		var key []string
		from, to := -1, 0
		for k := n.Key(); k.Next(); {
			key = append(key, string(k.Node().Data))
			raw := k.Node().Raw
			if from < 0 {
				from = int(raw.Offset)
			}
			to = int(raw.Offset + raw.Length)
		}
		if n.Kind != unstable.KeyValue {
			here, top = len(key) == 1 && key[0] == "redirects", false
			if here {
				found, end = true, lineAfter(src, to)
			}
			continue
		}
		v := n.Value()
		switch ours := top && key[0] == "redirects"; {
		case here && len(key) == 1 || ours && len(key) == 2:
			found, t.Dotted = true, !here
			if v.Kind == unstable.String {
				to = int(v.Raw.Offset + v.Raw.Length)
			}
			end = lineAfter(src, to)
			t.Lines = append(t.Lines, RedirectLine{key[len(key)-1], skip + bytes.LastIndexByte(src[:from], '\n') + 1, skip + end})
		case ours && len(key) == 1 && v.Kind == unstable.InlineTable:
			found, t.Inline = true, true
			end = to + bytes.IndexByte(src[to:], '{') + 1
			for it := v.Children(); it.Next(); {
				c := it.Node()
				if c.Kind != unstable.KeyValue {
					continue
				}
				k := c.Key()
				k.Next()
				if v := c.Value(); v.Kind == unstable.String {
					end = int(v.Raw.Offset + v.Raw.Length)
				}
				t.Lines = append(t.Lines, RedirectLine{Key: string(k.Node().Data)})
			}
		}
	}
	if !found {
		end = len(src)
		t.Before = "[redirects]" + t.Ending
		if len(bytes.TrimSpace(src)) > 0 {
			t.Before = t.Ending + t.Before
		}
	}
	if !t.Inline && end > 0 && src[end-1] != '\n' { // the last line of the file has no end
		t.Before = t.Ending + t.Before
	}
	t.At = skip + end
	return t
}

// lineAfter is where the line that at stands in ends, with its line end.
func lineAfter(src []byte, at int) int {
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(src)
}

// tomlText writes a text as TOML has it. What JSON escapes, TOML reads; it wants one sign more.
func tomlText(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""` // texts can always be written
	}
	return strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), "\x7f", `\u007f`)
}

// badOldAddress says why an old address cannot lead on, and how it is written: it is a path of the site, which may end in
// a #fragment.
func badOldAddress(s string) (hint, why string) {
	switch {
	case schemeOf(s) != "" || strings.HasPrefix(s, "//"):
		hint = `write the path alone, such as "/old-page/"`
		if u, err := url.Parse(s); err == nil && u.Host != "" {
			hint = fmt.Sprintf("write the path alone: %q", cmp.Or(u.EscapedPath(), "/"))
		}
		return hint, "an old address is a path of this site, without https:// and the host"
	case strings.Contains(s, "?"):
		before, _, _ := strings.Cut(s, "?")
		return fmt.Sprintf("write %q; what follows the ? is kept when it leads on", before), "a page is found by its path alone, not by what follows ?"
	case strings.ContainsAny(s, "*<>|\\\""):
		return "write each old address on a line of its own", fmt.Sprintf("%q holds a sign that no address has", s)
	}
	return "", ""
}
