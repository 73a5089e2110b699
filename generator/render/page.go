// Package render turns a [site.View] and the layouts into bytes: pages, charts, the sitemap. It knows nothing of other
// pages than what the View holds, and takes no clock, disk or network.
//
// [ParseLayouts] reads the layouts once for a build, [Page] makes one page, [Site] what belongs to no page.
package render

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"html/template"
	"io"
	"path"
	"strings"
	"sync"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/html"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// PageInput is everything that a finished page depends on: the key under which it is remembered.
type PageInput struct {
	View    site.View
	Layouts Layouts
}

// File is one file of the output.
type File struct {
	Path string // relative to the output folder, with /
	Data []byte
}

// PageOutput is a page, the files beside it, and what is wrong with it.
type PageOutput struct {
	Files      []File
	Poster     site.PosterView
	PosterPath string // in the output; "" when there is none
	Findings   []diag.Finding
	Failed     bool // the layout does not work for it, and there are no Files
}

// Weight limits in bytes after gzip -6 (reader.md 2.12; contract section 8, page-too-heavy).
const (
	pageLimit = 14336
	listLimit = 102400
)

// Page makes one page.
func Page(in PageInput) PageOutput {
	v := in.View
	out := PageOutput{}
	at := diag.Span{File: v.File}
	if at.File == "" {
		at.File = "site.toml"
	}
	t := in.Layouts.forView(&v)
	if t == nil {
		out.Findings = append(out.Findings, diag.Finding{Code: "layout-error", Span: at, Message: fmt.Sprintf("there is no layout %q and no page.html", v.Kind), Hint: "add layouts/page.html"})
		return out
	}
	if v.Layout != "" && t.Name() != v.Layout+".html" {
		at.Start, at.End = v.LayoutFrom, v.LayoutTo
		out.Findings = append(out.Findings, diag.Finding{Code: "layout-error", Span: at, Message: fmt.Sprintf("there is no layout %q", v.Layout), Hint: "add layouts/" + v.Layout + ".html, or remove layout: from the page"})
		return out
	}
	// The stylesheet holds only what the page uses, and the policy its hash: both are known when the page is made, so
	// their places are kept until then.
	v.Style, v.Policy = stylePlace, policyPlace
	if name := PosterName(v.Poster); name != "" {
		out.Poster, out.PosterPath, v.PosterURL = v.Poster, name, v.Site.Base+name
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := t.Execute(b, &v); err != nil {
		out.Findings = append(out.Findings, in.Layouts.runError(err, &v, t.Name()))
		out.Failed = true
		return out
	}
	page, err := minifyHTML(b.Bytes())
	if err != nil {
		out.Findings = append(out.Findings, diag.Finding{Code: "layout-error", Span: at, Message: "the page is no HTML: " + err.Error()})
		return out
	}
	style := in.Layouts.style.styleFor(page, pageStyle(&v, page), v.Root)
	page = fill(page, stylePlace, style, policyPlace, policy(style, inlineScripts(page)))
	name := site.OutputPath(v.URL)
	out.Files = append(out.Files, File{name, page})
	for _, p := range v.Body {
		if p.Chart != nil && p.Chart.CSVFile != "" {
			out.Files = append(out.Files, File{path.Join(path.Dir(name), p.Chart.CSVFile), []byte(p.Chart.CSVText)})
		}
	}
	if v.Twin != "" {
		out.Files = append(out.Files, File{path.Join(path.Dir(name), site.TwinName), []byte(v.Twin)})
	}
	limit := listLimit
	switch v.Kind {
	case "section", "overview", "term", "who", "event":
		limit = pageLimit
	}
	if n := weight(page, limit); n > limit {
		out.Findings = append(out.Findings, diag.Finding{Code: "page-too-heavy", Span: at, Message: fmt.Sprintf("the page /%s has %d bytes gzipped; its budget is %d", v.URL, n, limit), Hint: "split the page, or move details to pages of their own"})
	}
	return out
}

// buffers are for pages before they are minified.
var buffers = sync.Pool{New: func() any { return &bytes.Buffer{} }}

// fill puts two texts in their places, each where that stands first.
func fill(page []byte, a, textA, b, textB string) []byte {
	i, j := bytes.Index(page, []byte(a)), bytes.Index(page, []byte(b))
	if j < i {
		i, a, textA, j, b, textB = j, b, textB, i, a, textA
	}
	out := make([]byte, 0, len(page)+len(textA)+len(textB))
	at := 0
	if i >= 0 {
		out = append(append(out, page[:i]...), textA...)
		at = i + len(a)
	}
	if j >= 0 {
		out = append(append(out, page[at:j]...), textB...)
		at = j + len(b)
	}
	return append(out, page[at:]...)
}

// zippers are kept, since each has tables of hundreds of kilobytes.
var zippers = sync.Pool{New: func() any {
	w, err := gzip.NewWriterLevel(io.Discard, 6)
	if err != nil {
		panic("render: " + err.Error()) // there is a level 6
	}
	return w
}}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

// weight is the size of a page as it is sent, or 0 when even unpacked it is below the limit.
func weight(page []byte, limit int) int {
	if len(page) <= limit {
		return 0
	}
	var n counter
	w := zippers.Get().(*gzip.Writer)
	defer zippers.Put(w)
	w.Reset(&n)
	_, _ = w.Write(page) // a counter takes everything
	_ = w.Close()
	return int(n)
}

// pageStyle is what one page needs beyond the common stylesheet: charts, the lengths of its bars, the site's accent.
func pageStyle(v *site.View, page []byte) string {
	var b strings.Builder
	charts := false
	for _, p := range v.Body {
		charts = charts || p.Chart != nil
	}
	for _, s := range v.Sections {
		for _, p := range s.Body {
			charts = charts || p.Chart != nil
		}
	}
	if charts {
		b.WriteString(chartSheet.styleFor(page, "", ""))
		parts := v.Body
		for _, s := range v.Sections {
			parts = append(parts[:len(parts):len(parts)], s.Body...)
		}
		b.WriteString(chartRules(parts))
	}
	if v.Site.Accent != "" {
		dark := "#f0a57d"
		if site.Contrast(v.Site.Accent, site.DarkBackground) >= 4.5 {
			dark = v.Site.Accent
		}
		fmt.Fprintf(&b, ":root{--accent:light-dark(%s,%s)}", v.Site.Accent, dark)
	}
	return b.String()
}

// chartSheet is minified once, when the program starts.
var chartSheet = func() sheet {
	s, _, found := readStyle(content.File{Name: Style, Text: []byte(chartCSS)})
	if len(found) > 0 {
		panic("render: the stylesheet of charts: " + found[0].Message)
	}
	return s
}()

const (
	stylePlace  = ".gloss-style-goes-here{}"
	policyPlace = "gloss-policy-goes-here"
)

// policy allows the page's one stylesheet by its hash, a layout's own scripts by theirs, fonts that stand in the
// stylesheet, and nothing else that is inline
// (design decision 7).
func policy(style, scripts string) string {
	sum := sha256.Sum256([]byte(style))
	fonts := ""
	if strings.Contains(style, "@font-face") && strings.Contains(style, "data:") {
		fonts = "; font-src 'self' data:"
	}
	return "default-src 'self'; script-src 'self'" + scripts + fonts + "; img-src 'self' data:; style-src 'self' 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; object-src 'none'; base-uri 'self'"
}

// minifyHTML keeps the tags and quotes that make HTML easy to read and compare. The stylesheet inside is left as it
// is, since the policy holds its hash.
func minifyHTML(b []byte) ([]byte, error) {
	return htmlMinifier.Bytes("text/html", b)
}

var htmlMinifier = func() *minify.M {
	m := minify.New()
	m.Add("text/html", &html.Minifier{KeepDocumentTags: true, KeepEndTags: true, KeepQuotes: true, KeepDefaultAttrVals: true})
	return m
}()

// SiteInput is what the files that belong to no page depend on.
type SiteInput struct {
	Base      string // absolute, or ""
	Domain    string
	Addresses [][2]string // absolute address, and ISO date or ""
	Feed      *site.Feed  // nil: none
	Redirects []site.Redirect
	Records   []site.RecordFile
	Language  content.Language
}

// Site makes sitemap.xml, robots.txt, the feed, .nojekyll, CNAME, the files of records and the pages of redirects.
func Site(in SiteInput) []File {
	out := []File{{".nojekyll", nil}}
	robots := "User-agent: *\nAllow: /\n"
	if in.Base != "" {
		type entry struct {
			Loc     string `xml:"loc"`
			LastMod string `xml:"lastmod,omitempty"`
		}
		var set struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URLs    []entry  `xml:"url"`
		}
		for _, a := range in.Addresses {
			set.URLs = append(set.URLs, entry{a[0], a[1]})
		}
		b, err := xml.Marshal(set)
		if err == nil {
			out = append(out, File{"sitemap.xml", append([]byte(xml.Header), append(b, '\n')...)})
			robots += "Sitemap: " + in.Base + "sitemap.xml\n"
		}
	}
	out = append(out, File{"robots.txt", []byte(robots)})
	if in.Feed != nil {
		out = append(out, File{site.FeedName, feed(in.Feed)})
	}
	if in.Domain != "" {
		out = append(out, File{"CNAME", []byte(in.Domain + "\n")})
	}
	for _, r := range in.Records {
		out = append(out, File{r.Path, r.Text})
	}
	for _, r := range in.Redirects {
		out = append(out, File{r.File, redirectPage(r, in.Language)})
	}
	return out
}

// redirectScript leads on to where an old #fragment is now, else to the page with the same fragment, and takes ?queries
// along, none of which a refresh does. On a disk no server finds the page of a folder.
const redirectScript = `let h=location.hash,a;try{a=document.getElementById(decodeURIComponent(h.slice(1)))}catch{}` +
	`a=a?.href?a:document.links[0];a.hash||=h;a.search=location.search;` +
	`if(location.protocol=="file:")a.pathname=a.pathname.replace(/\/$/,"/index.html");location.replace(a)`

var redirectPolicy = "default-src 'none'; script-src" + inlineScripts([]byte("<script>"+redirectScript+"</script></head>"))

// redirectPage is a page that leads on, with and without script, and to programs says where to.
func redirectPage(r site.Redirect, lang content.Language) []byte {
	var b bytes.Buffer
	if err := redirectLayout.Execute(&b, struct {
		site.Redirect
		Lang   content.Language
		Policy string
		Script template.JS
	}{r, lang, redirectPolicy, redirectScript}); err != nil {
		panic("render: the page of a redirect: " + err.Error()) // a buffer takes everything, and no field is missing
	}
	return b.Bytes()
}

var redirectLayout = template.Must(template.New("redirect").Parse(`<!doctype html><html lang="{{.Lang.Tag}}" dir="{{.Lang.Dir}}"><head><meta charset="utf-8">` +
	`<meta http-equiv="Content-Security-Policy" content="{{.Policy}}"><meta name="viewport" content="width=device-width"><title>{{.Title}}</title>` +
	`<link rel="canonical" href="{{.Address}}"><meta name="robots" content="noindex"><noscript><meta http-equiv="refresh" content="0; url={{.To}}"></noscript></head>` +
	`<body><p>{{.Lang.UI.MovedTo}} <a href="{{.To}}">{{.Title}}</a></p>{{with .Moved}}<p hidden>{{range .}}<a id="{{.ID}}" href="{{.URL}}"></a>{{end}}</p>{{end}}` +
	`<script>{{.Script}}</script></body></html>`))
