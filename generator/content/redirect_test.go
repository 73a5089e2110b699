package content

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"gloss/generator/diag"
)

// holdRedirects adds redirects to a site.toml, and takes one out, and requires that nothing else changes: not a byte
// beside the new lines, and not what the file says otherwise.
func holdRedirects(t *testing.T, text []byte, add []Redirect, remove []string) {
	t.Helper()
	before := ParseConfig(File{"site.toml", text})
	if before.Config.Redirecting.File == "" {
		if len(before.Findings) == 0 {
			t.Fatalf("nobody knows where the redirects of this file stand:\n%s", text)
		}
		return
	}
	fixes, ok := before.Config.Redirecting.Fixes(add, remove)
	if !ok {
		if !before.Config.Redirecting.Inline {
			t.Fatalf("nothing can be added to\n%s", text)
		}
		return
	}
	after, n := diag.Apply(text, fixes)
	if n != len(fixes) {
		t.Fatalf("%d of %d fixes were made in\n%s", n, len(fixes), text)
	}
	left := after
	for _, f := range fixes {
		if i := bytes.Index(left, []byte(f.Text)); f.Text != "" && i >= 0 {
			left = append(bytes.Clone(left[:i]), left[i+len(f.Text):]...)
		} else if f.Text != "" {
			t.Fatalf("%q does not stand in\n%s", f.Text, after)
		}
	}
	if len(fixes) == len(add) && !bytes.Equal(left, text) {
		t.Fatalf("other bytes changed, from\n%s\nto\n%s", text, after)
	}
	now := ParseConfig(File{"site.toml", after})
	want := map[string]string{}
	for _, r := range before.Config.Redirects {
		want[r.From] = r.To
	}
	for _, r := range remove {
		delete(want, r)
	}
	for _, r := range add {
		want[r.From] = r.To
	}
	got := map[string]string{}
	for _, r := range now.Config.Redirects {
		got[r.From] = r.To
	}
	if len(want) != len(got) || len(want) > 0 && !reflect.DeepEqual(got, want) {
		t.Fatalf("the redirects are %q, want %q, in\n%s\nfrom\n%s", got, want, after, text)
	}
	if len(now.Findings) > len(before.Findings) {
		t.Fatalf("the file reads otherwise: %v\n%s\nfrom\n%s", now.Findings, after, text)
	}
	if a, b := plainConfig(before.Config), plainConfig(now.Config); a != b {
		t.Fatalf("the file says something else: %s, want %s\n%s\nfrom\n%s", b, a, after, text)
	}
}

// plainConfig is what a configuration says, without places and redirects.
func plainConfig(c Config) string {
	c.Redirects, c.Redirecting = nil, RedirectTable{}
	c.TitleSpan, c.AccentSpan = diag.Span{}, diag.Span{}
	authors, gone := append([]Author{}, c.Authors...), append([]Withdrawal{}, c.Withdrawn...)
	for i := range authors {
		authors[i].Span = diag.Span{}
	}
	for i := range gone {
		gone[i].Span, gone[i].Date.Span = diag.Span{}, diag.Span{}
	}
	c.Authors, c.Withdrawn = authors, gone
	return fmt.Sprintf("%+v", c)
}

var newRedirects = []Redirect{{From: "/a/", To: "/b/"}, {From: "/a/#x", To: "/ج/#\"q\"\\"}, {From: "/d\x7f/", To: "/e/"}}

// TestRedirectsAreAddedToAnyFile writes site.toml in many ways and adds to each.
func TestRedirectsAreAddedToAnyFile(t *testing.T) {
	parts := []string{"description = \"x\"", "# a note [redirects]", "", "   ", "autolink = \"first\" # why"}
	tables := []string{"[authors.a]\nname = \"A\"", "[checks]\nlong-note = \"off\"\n# end", "[withdrawn]\n\"/w/\" = { date = \"2024-01-01\", reason = \"R\" }", "# [redirects]", "[authors.b]\nname = '''\n[redirects]\n\"/x/\" = \"/y/\"\n'''"}
	redirects := []string{
		"[redirects]", "[redirects] # old ones", "[ redirects ]\n\n", "[redirects]\n\"/a/\" = \"/c/\" # first\n# second\n'/m/' = '/n/'", "[\"redirects\"]\n  \"/m/\" = \"/n/\"\n\n# end",
		"[redirects]\n\"/m/\" = \"\"\"/n/\"\"\"  # so\n\"/o/\" = \"/p/\"", "",
	}
	tops := []string{"redirects = {}", "redirects = { \"/m/\" = \"/n/\" } # in one", "redirects={\"/m/\"=\"/n/\",'/o/'='/p/'}", "redirects.\"/m/\" = \"/n/\"\nredirects.'/o/' = \"/p/\" # x", "", ""}
	r := rand.New(rand.NewPCG(3, 4))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	for range 3000 {
		lines := []string{"title = \"T\""}
		top := pick(tops)
		for _, p := range []string{pick(parts[:1]), pick(parts[1:4]), top, pick(parts[1:4]), parts[4]} {
			if r.IntN(3) > 0 || p == top && top != "" {
				lines = append(lines, p)
			}
		}
		below := []string{}
		for _, p := range r.Perm(len(tables))[:r.IntN(4)] {
			below = append(below, tables[p])
		}
		if top == "" {
			at := r.IntN(len(below) + 1)
			below = append(below[:at:at], append([]string{pick(redirects)}, below[at:]...)...)
		}
		text := strings.Join(append(lines, below...), "\n")
		if r.IntN(2) == 0 {
			text += "\n"
		}
		if r.IntN(4) == 0 {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		if r.IntN(4) == 0 {
			text = "\xEF\xBB\xBF" + text
		}
		if f := ParseConfig(File{"site.toml", []byte(text)}).Findings; len(f) > 0 {
			t.Fatalf("%v in\n%s", f, text)
		}
		var remove []string
		if r.IntN(3) == 0 {
			remove = []string{"/m/"}
		}
		holdRedirects(t, []byte(text), newRedirects[:r.IntN(4)], remove)
	}
}

// FuzzRedirects does so with what the fuzzer writes.
func FuzzRedirects(f *testing.F) {
	f.Add([]byte("title = \"T\"\n[redirects]\n\"/a/\" = \"/b/\"\n[checks]\n"), "/x/", "/y/#z")
	f.Add([]byte("title = \"T\"\nredirects = { }"), "/x/", "/y/")
	f.Add([]byte("title = \"T\"\nredirects.'/a/' = '/b/'\n[authors]"), "/\x7f", "/\u2028\"")
	f.Add([]byte(""), "/x/", "/y/")
	f.Fuzz(func(t *testing.T, text []byte, from, to string) {
		if !strings.HasPrefix(from, "/") || !strings.HasPrefix(to, "/") || strings.ToValidUTF8(from+to, "") != from+to {
			return
		}
		holdRedirects(t, text, []Redirect{{From: from, To: to}}, nil)
	})
}

// TestSketch holds what sketches are for: a text is known again after small changes, and other texts are not.
func TestSketch(t *testing.T) {
	words := strings.Fields("the council asked two firms how long a repair of the bridge would take and what it costs and closed one lane until they answer since divers saw a crack as wide as a hand below the line of the water on the north side of the third pier in march and nobody knows yet whether it grew after the flood of last autumn")
	r := rand.New(rand.NewPCG(1, 2))
	text := func() []string {
		out := make([]string, 120)
		for i := range out {
			out[i] = words[r.IntN(len(words))] + fmt.Sprint(r.IntN(20))
		}
		return out
	}
	known, mistaken := 0, 0
	for range 200 {
		a := text()
		b := append([]string{}, a...)
		for range 6 {
			b[r.IntN(len(b))] = "changed"
		}
		if Alike(Sketch(strings.Join(a, " ")), Sketch(strings.ToUpper(strings.Join(b, ", ")))) >= 0.5 {
			known++
		}
		if Alike(Sketch(strings.Join(a, " ")), Sketch(strings.Join(text(), " "))) >= 0.25 {
			mistaken++
		}
	}
	if known < 190 || mistaken > 0 {
		t.Errorf("of 200 texts %d are known again after small changes, and %d are taken for others", known, mistaken)
	}
	if s := Sketch("One", ""); Alike(s, s) != 1 || len(s) != 4 || Sketch("", "…") != "" || Alike("", "") != 0 {
		t.Errorf("short texts: %q", s)
	}
}
