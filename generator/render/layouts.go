package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// LayoutInput is everything that parsing the layouts may see: the files of layouts/ and static/style.css, those of the
// site before those of the theme.
type LayoutInput struct {
	Files []content.File
}

// Equal says whether two inputs are the same.
func (in LayoutInput) Equal(o LayoutInput) bool {
	return slices.EqualFunc(in.Files, o.Files, content.File.Equal)
}

// Layouts is the parsed set of layouts with the stylesheet. It is read only; equal hashes mean equal layouts.
type Layouts struct {
	set   *template.Template
	style sheet // the stylesheet, minified
	hash  string
}

// Hash stands for the layouts in the key under which a finished page is remembered. Only [ParseLayouts] sets it.
func (l Layouts) Hash() string { return l.hash }

// ParsedLayouts is a set of layouts and what is wrong with it.
type ParsedLayouts struct {
	Layouts  Layouts
	Findings []diag.Finding
}

// Style is the name of the stylesheet that is inlined in every page.
const Style = "static/style.css"

// ParseLayouts parses layouts/*.html and layouts/parts/*.html into one set, by their base names, and checks every field
// that they ask for against [site.View].
func ParseLayouts(in LayoutInput) ParsedLayouts {
	p := ParsedLayouts{}
	sum := sha256.New()
	set := template.New("").Funcs(funcs)
	files := map[string]content.File{}
	var names []string
	for _, f := range in.Files {
		fmt.Fprintf(sum, "%d %s %d ", len(f.Name), f.Name, len(f.Text))
		sum.Write(f.Text)
		if f.Name == Style {
			text, err := minifyCSS(string(f.Text))
			if err != nil {
				p.Findings = append(p.Findings, diag.Finding{Code: "layout-error", Span: diag.Span{File: f.Name}, Message: "this stylesheet cannot be read: " + err.Error(), Unreadable: true})
			}
			p.Layouts.style = parseSheet(text)
			continue
		}
		name := path.Base(f.Name)
		if other, twice := files[name]; twice {
			p.Findings = append(p.Findings, diag.Finding{Code: "layout-error", Span: diag.Span{File: f.Name}, Message: fmt.Sprintf("%s and %s have one name", other.Name, f.Name), Hint: "rename one of the two; layouts and parts share one list of names"})
			continue
		}
		files[name] = f
		if _, err := set.New(name).Parse(string(f.Text)); err != nil {
			p.Findings = append(p.Findings, templateError(err, files, f))
			continue
		}
		if !strings.HasPrefix(f.Name, "layouts/parts/") {
			names = append(names, name)
		}
	}
	p.Layouts.hash = hex.EncodeToString(sum.Sum(nil))
	p.Layouts.set = set
	if len(p.Findings) > 0 {
		return p
	}
	sort.Strings(names)
	p.Findings = lint(set, names, files)
	if len(p.Findings) > 0 {
		return p
	}
	// Escaping happens when a template first runs; run each on an empty page, so that its errors come now.
	for _, n := range names {
		if err := set.Lookup(n).Execute(io.Discard, &site.View{}); err != nil {
			p.Findings = append(p.Findings, templateError(err, files, files[n]))
		}
	}
	return p
}

var templatePlace = regexp.MustCompile(`template: "?([^":]+)"?:(\d+)(?::(\d+))?: ?(.*)`)

// templateError turns an error of html/template into a finding at its place.
func templateError(err error, files map[string]content.File, in content.File) diag.Finding {
	f := diag.Finding{Code: "layout-error", Span: diag.Span{File: in.Name, End: 1}, Message: err.Error(), Hint: "see https://pkg.go.dev/text/template for what a layout may say", Unreadable: true}
	m := templatePlace.FindStringSubmatch(strings.ReplaceAll(err.Error(), "html/template:", "template: "))
	if m == nil {
		return f
	}
	if file, ok := files[strings.TrimSpace(m[1])]; ok {
		in = file
	}
	line, _ := strconv.Atoi(m[2])
	col, _ := strconv.Atoi(m[3]) // 0-based bytes in execution errors, missing in parse errors
	at := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(in.Text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	end := at
	if i := bytes.IndexByte(in.Text[at:], '\n'); i >= 0 {
		end = at + i
	} else {
		end = len(in.Text)
	}
	f.Span = diag.Span{File: in.Name, Start: min(at+col, end), End: end}
	f.Message = "this layout does not work: " + m[4]
	return f
}

func minifyCSS(text string) (string, error) {
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	return m.String("text/css", text)
}

// names that a layout may use for a page: its own layout, its kind, or page.html.
func (l Layouts) forView(v *site.View) *template.Template {
	for _, n := range []string{v.Layout, v.Kind, "page"} {
		if n != "" {
			if t := l.set.Lookup(n + ".html"); t != nil && t.Tree != nil {
				return t
			}
		}
	}
	return nil
}
