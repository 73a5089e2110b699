package content

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// FuzzAttrs holds the places that attrsOf finds against the tokenizer, which knows the attributes of a tag and not where
// they stand.
func FuzzAttrs(f *testing.F) {
	for _, tag := range []string{`<a href="x" id='y' class=z>`, `<a href = "x">`, `<br/>`, `<a href=x/>`, `<a / x / y>`, `<a =x =y>`, `<a x==y>`, `<a x="a>b" y>`, "<a\nx\ty\f=\fz>", `<a x="1"y='2'z>`, `<a "x">`, `<a x=">`,
		`<a href="&amp;&copy=1&#39;">`, `<A HREF=X>`, `<a é=ü>`, `<a x=/y/>`, "<a x=\r\n'y'>", `<a/x="y">`, "<a \x00=\x00>"} {
		f.Add(tag)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		z := html.NewTokenizer(strings.NewReader(tag))
		for {
			kind := z.Next()
			if kind == html.ErrorToken {
				return
			}
			if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
				continue
			}
			raw := bytes.Clone(z.Raw())
			got := attrsOf(z, raw)
			if more, _, _ := z.TagAttr(); len(more) > 0 {
				t.Fatalf("%q: the tokenizer has the attribute %q, too", raw, more)
			}
			// Once more, for the names.
			again := html.NewTokenizer(bytes.NewReader(raw))
			again.Next()
			seen := map[string]bool{}
			for _, a := range got {
				if seen[a.name] {
					continue
				}
				seen[a.name] = true
				key, val, _ := again.TagAttr()
				if string(key) != strings.ReplaceAll(a.name, "\x00", "\uFFFD") || string(val) != a.value {
					t.Fatalf("%q: got %q=%q, want %q=%q", raw, a.name, a.value, key, val)
				}
				if !a.has && a.value != "" || a.start < 1 || a.end > len(raw)-1 || a.from > a.to || a.has && !strings.Contains(string(raw[a.start:a.end]), "=") {
					t.Fatalf("%q: %+v", raw, a)
				}
			}
		}
	})
}
