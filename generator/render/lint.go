package render

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// shape is what is known of a value in a layout: a Go type, or the keys of a dict; both empty: nothing.
type shape struct {
	typ  reflect.Type
	dict map[string]shape
}

func (s shape) key() string {
	k := ""
	if s.typ != nil {
		k = s.typ.String()
	}
	for _, n := range slices.Sorted(func(yield func(string) bool) {
		for n := range s.dict {
			if !yield(n) {
				return
			}
		}
	}) {
		k += " " + n + "=" + s.dict[n].key()
	}
	return k
}

// linter walks the layouts with the types of what they get and reports every field that is not there. It knows more
// than html/template says at run time: all of them at once, with their places, before any page is made.
type linter struct {
	set   *template.Template
	files map[string]content.File
	seen  map[string]bool // template and shape of its dot
	out   []diag.Finding
	file  content.File
	vars  []map[string]shape
}

func lint(set *template.Template, names []string, files map[string]content.File) []diag.Finding {
	l := &linter{set: set, files: files, seen: map[string]bool{}}
	for _, n := range names {
		l.template(n, shape{typ: reflect.TypeOf(site.View{})})
	}
	return diag.Sort(l.out)
}

func (l *linter) template(name string, dot shape) {
	key := name + " " + dot.key()
	t := l.set.Lookup(name)
	if l.seen[key] || t == nil || t.Tree == nil || len(l.seen) > 5000 {
		return
	}
	l.seen[key] = true
	old, vars := l.file, l.vars
	l.file, l.vars = l.files[name], []map[string]shape{{"$": dot}}
	l.list(t.Tree.Root, dot)
	l.file, l.vars = old, vars
}

// report adds a finding at what of a node, which the parser places anywhere in the node's text.
func (l *linter) report(n parse.Node, what, code, hint, format string, args ...any) {
	at, end := int(n.Position()), int(n.Position())
	text, whole := string(l.file.Text), n.String()
	if i := strings.LastIndex(text[:min(len(text), at+len(whole))], whole); i >= 0 && i+len(whole) > at {
		at = i
	}
	if i := strings.Index(text[at:], what); i >= 0 && i < len(whole) {
		at, end = at+i, at+i+len(what)
	}
	l.out = append(l.out, diag.Finding{Code: code, Span: diag.Span{File: l.file.Name, Start: at, End: end}, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (l *linter) list(n *parse.ListNode, dot shape) {
	if n == nil {
		return
	}
	for _, c := range n.Nodes {
		l.node(c, dot)
	}
}

func (l *linter) scope(f func()) {
	l.vars = append(l.vars, map[string]shape{})
	f()
	l.vars = l.vars[:len(l.vars)-1]
}

func (l *linter) node(n parse.Node, dot shape) {
	switch n := n.(type) {
	case *parse.ActionNode:
		l.pipe(n.Pipe, dot)
	case *parse.IfNode:
		l.scope(func() {
			l.pipe(n.Pipe, dot)
			l.list(n.List, dot)
			l.list(n.ElseList, dot)
		})
	case *parse.WithNode:
		l.scope(func() {
			l.list(n.List, l.pipe(n.Pipe, dot))
			l.list(n.ElseList, dot)
		})
	case *parse.RangeNode:
		l.scope(func() {
			over := l.pipe(n.Pipe, dot)
			elem := shape{}
			if over.typ != nil && (over.typ.Kind() == reflect.Slice || over.typ.Kind() == reflect.Array || over.typ.Kind() == reflect.Map) {
				elem.typ = over.typ.Elem()
			}
			if d := n.Pipe.Decl; len(d) > 0 {
				l.set1(d[len(d)-1].Ident[0], elem)
				if len(d) > 1 {
					l.set1(d[0].Ident[0], shape{typ: reflect.TypeOf(0)})
				}
			}
			l.list(n.List, elem)
			l.list(n.ElseList, dot)
		})
	case *parse.TemplateNode:
		arg := shape{}
		if n.Pipe != nil {
			arg = l.pipe(n.Pipe, dot)
		}
		if t := l.set.Lookup(n.Name); t == nil || t.Tree == nil {
			var names []string
			for f := range l.files {
				names = append(names, f)
			}
			slices.Sort(names)
			hint := "put it into layouts/parts/"
			if near := diag.Suggest(n.Name, names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			l.report(n, strconv.Quote(n.Name), "layout-error", hint, "there is no part %q", n.Name)
			return
		}
		l.template(n.Name, arg)
	}
}

func (l *linter) set1(name string, s shape) { l.vars[len(l.vars)-1][name] = s }

// pipe returns the shape of a pipeline's value.
func (l *linter) pipe(p *parse.PipeNode, dot shape) shape {
	if p == nil {
		return shape{}
	}
	out := shape{}
	for _, c := range p.Cmds {
		out = l.command(c, dot)
	}
	for _, d := range p.Decl {
		if len(p.Decl) == 1 && p.IsAssign {
			break // the variable keeps what it was declared as
		}
		l.set1(d.Ident[0], out)
	}
	return out
}

func (l *linter) command(c *parse.CommandNode, dot shape) shape {
	var args []shape
	for _, a := range c.Args[1:] {
		args = append(args, l.value(a, dot))
	}
	first := c.Args[0]
	id, ok := first.(*parse.IdentifierNode)
	if !ok {
		return l.value(first, dot)
	}
	switch id.Ident {
	case "dict":
		d := shape{dict: map[string]shape{}}
		for i := 0; i+1 < len(args); i += 2 {
			if s, ok := c.Args[i+1].(*parse.StringNode); ok {
				d.dict[s.Text] = args[i+1]
			}
		}
		return d
	case "and", "or":
		if len(args) > 0 {
			return args[len(args)-1]
		}
	case "index":
		if len(args) == 2 && args[0].typ != nil && args[0].typ.Kind() == reflect.Slice {
			return shape{typ: args[0].typ.Elem()}
		}
	case "slice":
		if len(args) > 0 {
			return args[0]
		}
	case "len", "inc":
		return shape{typ: reflect.TypeOf(0)}
	}
	return shape{}
}

func (l *linter) value(n parse.Node, dot shape) shape {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return l.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		for i := len(l.vars) - 1; i >= 0; i-- {
			if s, ok := l.vars[i][n.Ident[0]]; ok {
				return l.fields(n, s, n.Ident[1:])
			}
		}
	case *parse.ChainNode:
		return l.fields(n, l.value(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return l.pipe(n, dot)
	case *parse.IdentifierNode:
		return shape{}
	case *parse.StringNode:
		return shape{typ: reflect.TypeOf("")}
	case *parse.NumberNode:
		return shape{typ: reflect.TypeOf(0)}
	}
	return shape{}
}

// fields follows .A.B.C from a value.
func (l *linter) fields(n parse.Node, s shape, names []string) shape {
	for _, name := range names {
		if s.dict != nil {
			next, ok := s.dict[name]
			if !ok {
				var have []string
				for k := range s.dict {
					have = append(have, k)
				}
				slices.Sort(have)
				// A key that is not given is false, which parts use for options; only a slip is worth a word.
				if diag.Suggest(name, have) != "" {
					l.unknown(n, name, "what this part is given", have)
				}
				return shape{}
			}
			s = next
			continue
		}
		if s.typ == nil {
			return shape{}
		}
		t := s.typ
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			l.unknown(n, name, "a "+t.String(), nil)
			return shape{}
		}
		f, ok := t.FieldByName(name)
		if !ok {
			var have []string
			for _, f := range reflect.VisibleFields(t) {
				have = append(have, f.Name)
			}
			what := t.Name()
			if what == "View" {
				what = "a page"
			}
			l.unknown(n, name, what, have)
			return shape{}
		}
		s = shape{typ: f.Type}
	}
	return s
}

func (l *linter) unknown(n parse.Node, name, what string, have []string) {
	hint := "see generator/site/view.go for the fields there are"
	if near := diag.Suggest(name, have); near != "" {
		hint = fmt.Sprintf("did you mean .%s?", near)
	}
	l.report(n, "."+name, "unknown-field", hint, "%s has no field .%s", what, name)
}

// layoutNames are the kinds of pages, each of which has a layout of its name, and page, which serves those that have none.
var layoutNames = strings.Fields("all.html brief.html card.html changes.html corrections.html disputed.html event.html facts.html notfound.html overview.html page.html people.html plain.html search.html section.html sources.html summary.html term.html terms.html timeline.html who.html withdrawn.html")

var calledTemplate = regexp.MustCompile("\\{\\{-?\\s*(?:template|block)\\s+[\"`]([^\"`]+)")

// Misnamed reports the layouts that nothing uses and whose name is nearly one that would be, and stylesheets that would be
// that of all pages. named are the layouts that pages ask for.
func Misnamed(files []content.File, named []string) []diag.Finding {
	pages, parts := slices.Clone(layoutNames), []string{}
	for _, n := range named {
		pages = append(pages, n+".html")
	}
	loaded := func(name string) bool {
		return slices.ContainsFunc(files, func(f content.File) bool { return bytes.Contains(f.Text, []byte(name)) })
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name, "layouts/") {
			for _, m := range calledTemplate.FindAllSubmatch(f.Text, -1) {
				parts = append(parts, string(m[1]))
			}
		}
	}
	var out []diag.Finding
	for _, f := range files {
		base := path.Base(f.Name)
		if path.Dir(f.Name) == "static" && f.Name != Style && nearName(base, []string{"style.css"}) != "" && !loaded(base) {
			out = append(out, diag.Finding{Code: "bad-style", Span: diag.Span{File: f.Name}, Message: "no page uses this stylesheet", Hint: `did you mean the name "style.css", which is that of all pages?`})
		}
		if !strings.HasPrefix(f.Name, "layouts/") || slices.Contains(pages, base) || slices.Contains(parts, base) {
			continue
		}
		names := pages
		if strings.HasPrefix(f.Name, "layouts/parts/") {
			names = parts
		}
		if near := nearName(base, names); near != "" {
			out = append(out, diag.Finding{Code: "layout-error", Span: diag.Span{File: f.Name}, Message: "no page uses this layout", Hint: fmt.Sprintf("did you mean the name %q?", near)})
		}
	}
	return out
}

// nearName is the name that was meant, which is nearly as long.
func nearName(name string, names []string) string {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	ext := path.Ext(name)
	var bases []string
	for _, n := range names {
		bases = append(bases, strings.TrimSuffix(n, ext))
	}
	near := diag.Suggest(strings.TrimSuffix(name, ext), bases)
	if d := len(near) + len(ext) - len(name); near == "" || d < -2 || d > 2 {
		return ""
	}
	return near + ext
}
