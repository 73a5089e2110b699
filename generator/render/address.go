package render

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// Address is one that a stylesheet or layout holds for a file or page of the site. It is judged when the output is known.
type Address struct {
	Span    diag.Span
	Written string
	Path    string // in the output folder
	Wrong   string // why it leads elsewhere from some pages although there is such a file; "" if it does not
	Prefix  string // what to write before the path
}

// schemeRE is the start of an absolute address (RFC 3986 §3.1).
var schemeRE = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9+.-]*):`)

// local says whether an address leads into the site.
func local(addr string) bool {
	return addr != "" && addr[0] != '#' && addr[0] != '?' && !strings.HasPrefix(addr, "//") && !schemeRE.MatchString(addr)
}

// cssAddress is an address among tokens: the bytes of it, without url( and quotation marks.
type cssAddress struct{ from, to int }

// cssAddresses finds the addresses among tokens: in url(), in @import, and in the functions that take texts for them.
func cssAddresses(toks []cssToken, text []byte, imports bool) []cssAddress {
	var out []cssAddress
	quoted := func(t cssToken) {
		if t.to-t.from >= 2 {
			out = append(out, cssAddress{t.from + 1, t.to - 1})
		}
	}
	var open []bool // for each bracket that is open, whether texts in it are addresses
	for i, t := range toks {
		switch t.typ {
		case css.URLToken:
			from, to := t.from+len("url("), t.to-1
			for from < to && text[from] <= ' ' {
				from++
			}
			for to > from && text[to-1] <= ' ' {
				to--
			}
			if to-from >= 2 && (text[from] == '"' || text[from] == '\'') {
				from, to = from+1, to-1
			}
			out = append(out, cssAddress{from, to})
		case css.StringToken:
			if imports && i == 0 || len(open) > 0 && open[len(open)-1] {
				quoted(t)
			}
		case css.FunctionToken:
			name := strings.ToLower(string(text[t.from : t.to-1]))
			open = append(open, name == "image-set" || name == "-webkit-image-set" || name == "src" || name == "image")
		case css.LeftParenthesisToken:
			open = append(open, false)
		case css.RightParenthesisToken:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
	return out
}

// addresses notes, and judges as far as the file alone tells, the addresses among some tokens.
func (r *cssReader) addresses(from, to int, imports bool) {
	for _, a := range cssAddresses(r.toks[from:to], r.text, imports) {
		addr := strings.TrimSpace(cssText(string(r.text[a.from:a.to])))
		span := diag.Span{File: r.file, Start: a.from, End: a.to}
		if scheme := schemeRE.FindStringSubmatch(addr); scheme != nil && !strings.EqualFold(scheme[1], "data") || strings.HasPrefix(addr, "//") {
			r.found = append(r.found, diag.Finding{Code: "blocked-html", Span: span, Message: "the policy of the page blocks a file from another site", Hint: "save the file into static/ and write its name"})
			continue
		}
		if !local(addr) {
			continue
		}
		dir := path.Dir(strings.TrimPrefix(r.file, "static/"))
		if bad := r.note(span, addr, dir); bad != nil {
			r.found = append(r.found, *bad)
		}
	}
}

// note keeps an address of the site for later, or says why it is none.
func (r *cssReader) note(span diag.Span, addr, dir string) *diag.Finding {
	to, bad := pathOf(span, addr, dir)
	if bad != nil {
		return bad
	}
	a := Address{Span: span, Written: addr, Path: to}
	if strings.HasPrefix(addr, "/") && r.file != Style {
		a.Wrong, a.Prefix = "leads to the root of the server, where the site may not lie", strings.Repeat("../", strings.Count(r.file, "/")-1)
	}
	r.urls = append(r.urls, a)
	return nil
}

// pathOf is the path in the output folder that an address leads to from a folder.
func pathOf(span diag.Span, addr, dir string) (string, *diag.Finding) {
	p := addr
	if i := strings.IndexAny(p, "?#"); i >= 0 {
		p = p[:i]
	}
	if un, err := url.PathUnescape(p); err == nil {
		p = un
	}
	if strings.HasPrefix(p, "/") {
		dir = ""
	}
	to := path.Join(dir, strings.TrimLeft(p, "/"))
	if to == ".." || strings.HasPrefix(to, "../") {
		return "", &diag.Finding{Code: "escaping-path", Span: span, Message: fmt.Sprintf("%q leads out of the site", addr), Hint: "write it as it is seen from static/: " + strings.TrimLeft(to, "./")}
	}
	return strings.TrimPrefix(to, "."), nil
}

// marked writes a rootMark before each address of the site in a part of the stylesheet.
func marked(text string, imports bool) string {
	low := strings.ToLower(text)
	if !imports && !strings.Contains(low, "url(") && !strings.Contains(low, "image") && !strings.Contains(low, "src(") {
		return text
	}
	b := []byte(text)
	l := css.NewLexer(parse.NewInputBytes(bytes.Clone(b)))
	var toks []cssToken
	for at := 0; ; {
		typ, data := l.Next()
		if typ == css.ErrorToken {
			break
		}
		if typ != css.WhitespaceToken || !imports {
			toks = append(toks, cssToken{typ, at, at + len(data)})
		}
		at += len(data)
	}
	var out strings.Builder
	last := 0
	for _, a := range cssAddresses(toks, b, imports) {
		if !local(strings.TrimSpace(cssText(text[a.from:a.to]))) {
			continue
		}
		out.WriteString(text[last:a.from] + rootMark)
		last = a.from
		for last < a.to && text[last] == '/' {
			last++
		}
	}
	return out.String() + text[last:]
}

// actionRE is what {{ and }} hold in a layout; texts of Go in it may hold braces.
var actionRE = regexp.MustCompile("(?s)\\{\\{(?:/\\*.*?\\*/|\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|[^}\"`]|\\}[^}])*\\}\\}")

var (
	rootAction   = regexp.MustCompile(`^\{\{-?\s*\$?\.Root\s*-?\}\}$`)
	layoutHidden = regexp.MustCompile(`(?is)<!--.*?-->|(<script\b[^>]*>).*?</script|(<style\b[^>]*>).*?</style`)
	layoutTag    = regexp.MustCompile(`(?s)<([A-Za-z][A-Za-z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>`)
	layoutAttr   = regexp.MustCompile(`(?s)([A-Za-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
)

// Signs in a layout for {{.Root}} and for other actions, which stand for as many bytes.
const rootSign, actionSign = '\x02', '\x03'

// fetching are the attributes, by element, whose address a browser fetches, which the policy of a page allows from the
// site alone.
var fetching = map[string]string{"img": "src srcset", "script": "src", "source": "src srcset", "video": "src poster", "audio": "src", "track": "src", "iframe": "src", "embed": "src", "object": "data", "image": "href xlink:href", "use": "href xlink:href", "input": "src"}

// fetchedLinks are the relations of <link> whose address a browser fetches.
var fetchedLinks = regexp.MustCompile(`(?i)\b(stylesheet|icon|preload|modulepreload|manifest)\b`)

// layoutAddresses returns the addresses that a layout writes itself, whole or behind {{.Root}}.
func layoutAddresses(f content.File, policy bool) (out []Address, found []diag.Finding) {
	text := bytes.Clone(f.Text)
	fill := func(from, to int, c byte) {
		for i := from; i < to; i++ {
			text[i] = c
		}
	}
	for _, m := range actionRE.FindAllIndex(f.Text, -1) {
		if rootAction.Match(f.Text[m[0]:m[1]]) {
			fill(m[0], m[1], rootSign)
		} else {
			fill(m[0], m[1], actionSign)
		}
	}
	for _, m := range layoutHidden.FindAllSubmatchIndex(text, -1) {
		if style := m[5] > 0; policy && (style && bytes.IndexByte(text[m[5]:m[1]], actionSign) < 0 || m[3] > 0 && lateScript(text[:m[2]], text[m[2]:m[3]])) {
			what, hint := "a script that stands in the body of a page", "put it into a file of static/ and load it with src, or into the head"
			if style {
				what, hint = "a stylesheet that stands in a layout", "put its rules into static/style.css"
			}
			found = append(found, diag.Finding{Code: "blocked-html", Span: diag.Span{File: f.Name, Start: m[0], End: max(m[3], m[5])}, Message: "the policy of the page blocks " + what, Hint: hint})
		}
		from := m[0]
		for _, end := range []int{m[3], m[5]} {
			if end > 0 {
				from = end
			}
		}
		fill(from, m[1], ' ')
	}
	for _, m := range layoutTag.FindAllSubmatchIndex(text, -1) {
		tag := strings.ToLower(string(text[m[2]:m[3]]))
		attrs := text[m[4]:m[5]]
		for _, a := range layoutAttr.FindAllSubmatchIndex(attrs, -1) {
			name := strings.ToLower(string(attrs[a[2]:a[3]]))
			if policy && (name == "style" || strings.HasPrefix(name, "on")) {
				what, hint := "styles", `write class="name" here, and the rule for .name into static/style.css`
				if name != "style" {
					what, hint = "scripts", "remove it; a script belongs into a file of static/, which the layout loads with src"
				}
				found = append(found, diag.Finding{Code: "blocked-html", Span: diag.Span{File: f.Name, Start: m[4] + a[0], End: m[4] + a[1]}, Message: "the policy of the page blocks " + what + " in attributes", Hint: hint})
			}
			from, to := a[4], a[5]
			for _, alt := range []int{6, 8} {
				if a[alt] >= 0 {
					from, to = a[alt], a[alt+1]
				}
			}
			fetched := strings.Contains(" "+fetching[tag]+" ", " "+name+" ") || tag == "link" && name == "href" && fetchedLinks.Match(attrs)
			if !fetched && !(name == "href" && (tag == "a" || tag == "area" || tag == "link") || name == "action" && tag == "form") {
				continue
			}
			span := func(i, j int) diag.Span {
				return diag.Span{File: f.Name, Start: m[4] + i, End: m[4] + j}
			}
			for _, part := range layoutParts(attrs, from, to, strings.HasSuffix(name, "srcset")) {
				a, bad := layoutAddress(f.Name, string(attrs[part[0]:part[1]]), span(part[0], part[1]), fetched && policy)
				if bad != nil {
					found = append(found, *bad)
				} else if a != nil {
					out = append(out, *a)
				}
			}
		}
	}
	return out, found
}

var (
	bodyStart  = regexp.MustCompile(`(?i)</head>|<body\b`)
	scriptKind = regexp.MustCompile(`(?i)\b(src|type)\s*=`)
)

// lateScript says whether a script that has its text in the layout surely stands in the body, where the policy allows none.
func lateScript(before, tag []byte) bool { return bodyStart.Match(before) && !scriptKind.Match(tag) }

// layoutParts are the addresses in a value: one, or with srcset those before the widths.
func layoutParts(text []byte, from, to int, set bool) [][2]int {
	if !set {
		return [][2]int{{from, to}}
	}
	var out [][2]int
	for at := from; at < to; {
		end := to
		if i := bytes.IndexByte(text[at:to], ','); i >= 0 {
			end = at + i
		}
		i := at
		for i < end && text[i] <= ' ' && text[i] != rootSign && text[i] != actionSign {
			i++
		}
		j := i
		for j < end && (text[j] > ' ' || text[j] == rootSign || text[j] == actionSign) {
			j++
		}
		if j > i {
			out = append(out, [2]int{i, j})
		}
		at = end + 1
	}
	return out
}

// layoutAddress judges one address of a layout.
func layoutAddress(file, written string, span diag.Span, fetched bool) (*Address, *diag.Finding) {
	addr := strings.TrimLeft(written, string(rootSign))
	rooted := addr != written
	if strings.ContainsRune(addr, actionSign) || strings.ContainsRune(addr, rootSign) {
		return nil, nil // made when the page is
	}
	addr = strings.TrimSpace(addr)
	if !rooted && !local(addr) {
		scheme := schemeRE.FindStringSubmatch(addr)
		if fetched && (scheme != nil && !strings.EqualFold(scheme[1], "data") || strings.HasPrefix(addr, "//")) {
			return nil, &diag.Finding{Code: "blocked-html", Span: span, Message: "the policy of the page blocks a file from another site", Hint: "save the file into static/ and write {{.Root}} and its name"}
		}
		return nil, nil
	}
	if !rooted && (addr == site.TwinName || file == "layouts/overview.html" && !strings.HasPrefix(addr, "/")) {
		return nil, nil // it lies beside the page
	}
	to, bad := pathOf(span, addr, "")
	if bad != nil {
		return nil, bad
	}
	a := &Address{Span: span, Written: addr, Path: to, Prefix: "{{.Root}}"}
	switch {
	case rooted:
	case strings.HasPrefix(addr, "/"):
		a.Wrong = "leads to the root of the server, where the site may not lie"
	default:
		a.Wrong = "leads there from the home page only"
	}
	return a, nil
}

// CheckAddresses reports the addresses of stylesheets and layouts that lead to no file of the output. has says whether there
// is a file of a path, names are all of them, and shown says whether a page has an address that is not there, which a
// layout may write on a condition.
func CheckAddresses(list []Address, has func(string) bool, names func() []string, shown func(*regexp.Regexp) bool) []diag.Finding {
	var out []diag.Finding
	for _, a := range list {
		exists := has(a.Path) || has(path.Join(a.Path, "index.html"))
		if exists && a.Wrong == "" {
			continue
		}
		f := diag.Finding{Code: "broken-asset", Span: a.Span}
		if exists {
			f.Message, f.Hint = fmt.Sprintf("%q %s", a.Written, a.Wrong), "write "+a.Prefix+strings.TrimLeft(a.Written, "/")
			out = append(out, f)
			continue
		}
		if strings.HasPrefix(a.Span.File, "layouts/") && !shown(regexp.MustCompile(`[^\w.-]`+regexp.QuoteMeta(html.EscapeString(a.Written))+`["'\s,>]`)) {
			continue
		}
		f.Message = fmt.Sprintf("there is no file %q", a.Written)
		f.Hint = "put it into static/, or correct the name"
		all := names()
		if rest, ok := strings.CutPrefix(a.Path, "static/"); ok && has(rest) {
			f.Hint = "write " + a.Prefix + rest + ", since the site has the files of static/ at its root"
		} else if near := nearPath(a.Path, all); near != "" {
			f.Hint = fmt.Sprintf("did you mean %q?", a.Prefix+near)
		}
		out = append(out, f)
	}
	return out
}

// nearPath is the file that was meant, if it can be told: one of the same name elsewhere, or one with a name like it.
func nearPath(p string, names []string) string {
	var same []string
	for _, n := range names {
		if strings.EqualFold(path.Base(n), path.Base(p)) {
			same = append(same, n)
		}
	}
	if len(same) == 1 {
		return same[0]
	}
	return diag.Suggest(p, names)
}
