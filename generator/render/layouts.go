package render

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io"
	"path"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// LayoutInput is everything that parsing the layouts may see: the files of layouts/ and static/style.css, those of the
// site before those of the theme, and the other stylesheets and the scripts in the site's own static/.
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
	style sheet                   // the stylesheet, minified
	files map[string]content.File // the layouts, by base name
	hash  string
}

// Hash stands for the layouts in the key under which a finished page is remembered. Only [ParseLayouts] sets it.
func (l Layouts) Hash() string { return l.hash }

// ParsedLayouts is a set of layouts and what is wrong with it.
type ParsedLayouts struct {
	Layouts   Layouts
	Findings  []diag.Finding
	Addresses []Address // to be judged when the output is known
	Stopped   bool      // no page can be made
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
		if !strings.HasPrefix(f.Name, "layouts/") && f.Name != Style {
			continue
		}
		fmt.Fprintf(sum, "%d %s %d ", len(f.Name), f.Name, len(f.Text))
		sum.Write(f.Text)
		if f.Name == Style {
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
	if len(p.Findings) == 0 {
		sort.Strings(names)
		p.Findings = lint(set, names, files)
	}
	if len(p.Findings) == 0 {
		// Escaping happens when a template first runs, before anything in it does. Each runs on an empty page, so that its
		// errors come now. Those of running are for the pages that there are.
		for _, n := range names {
			var bad *template.Error
			if err := set.Lookup(n).Execute(io.Discard, &site.View{}); errors.As(err, &bad) {
				p.Findings = append(p.Findings, templateError(err, files, files[n]))
			}
		}
	}
	p.Stopped = len(p.Findings) > 0
	p.readStyles(in.Files)
	p.readAddresses(files)
	fmt.Fprint(sum, p.Layouts.style.kept, p.Layouts.style.always)
	p.Layouts.hash = hex.EncodeToString(sum.Sum(nil))
	p.Layouts.set, p.Layouts.files = set, files
	return p
}

// readStyles reads the stylesheet of all pages, and what in static/ has to do with it: what scripts name is kept, and other
// stylesheets are judged.
func (p *ParsedLayouts) readStyles(files []content.File) {
	s := newSheet()
	for _, f := range files {
		if f.Name == Style {
			var list []Address
			var found []diag.Finding
			s, list, found = readStyle(f)
			p.Addresses, p.Findings = append(p.Addresses, list...), append(p.Findings, found...)
		}
	}
	for _, f := range files {
		switch {
		case f.Name == Style:
		case strings.HasSuffix(f.Name, ".css"):
			_, list, found := readStyle(f)
			p.Addresses, p.Findings = append(p.Addresses, list...), append(p.Findings, found...)
			if !slices.Contains(Scripts, f.Name) {
				s.mention(string(f.Text))
			}
		case slices.Contains(Scripts, f.Name): // whose classes start with js-
		case strings.HasSuffix(f.Name, ".js"):
			s.keep(f.Text)
		case strings.HasPrefix(f.Name, "layouts/"):
			for _, m := range inlineScript.FindAllSubmatch(f.Text, -1) {
				s.keep(m[1])
			}
		}
	}
	s.settle()
	p.Layouts.style = s
}

var inlineScript = regexp.MustCompile(`(?is)<script\b[^>]*>(.*?)</script`)

// readAddresses notes the addresses that the layouts write.
func (p *ParsedLayouts) readAddresses(files map[string]content.File) {
	policy := false
	for _, f := range files {
		policy = policy || bytes.Contains(f.Text, []byte(".Policy"))
	}
	for _, f := range files {
		list, found := layoutAddresses(f, policy)
		p.Addresses, p.Findings = append(p.Addresses, list...), append(p.Findings, found...)
	}
	slices.SortFunc(p.Addresses, func(a, b Address) int {
		return cmp.Or(strings.Compare(a.Span.File, b.Span.File), a.Span.Start-b.Span.Start)
	})
	p.Findings = diag.Sort(p.Findings)
}

var templatePlace = regexp.MustCompile(`template: "?([^":]+)"?:(\d+)(?::(\d+))?: ?(.*)`)

// executing repeats in an error where it is.
var executing = regexp.MustCompile(`^executing "[^"]*" at <.*>: `)

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
	if i := bytes.Index(in.Text[min(at+col, end):end], []byte("}}")); i > 0 && col > 0 {
		end = at + col + i
	}
	f.Span = diag.Span{File: in.Name, Start: min(at+col, end), End: end}
	f.Message = "this layout does not work: " + executing.ReplaceAllString(m[4], "")
	return f
}

// runError is the finding of a layout that does not work for a page.
func (l Layouts) runError(err error, v *site.View, of string) diag.Finding {
	f := templateError(err, l.files, l.files[of])
	f.Unreadable = false
	page := "/" + v.URL
	if v.File != "" {
		page = v.File
	}
	f.Message = "this layout does not work for " + page + strings.TrimPrefix(f.Message, "this layout does not work")
	f.Hint = "not every page has everything: put it between {{with …}} and {{end}}, or {{if …}} and {{end}}"
	return f
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
