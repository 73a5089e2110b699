package build

import (
	"bytes"
	"fmt"
	"image"
	_ "image/gif" // decoders of the sizes of images
	_ "image/jpeg"
	_ "image/png"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// Tree is a site's source files at one moment. It is read only.
type Tree struct {
	Config   content.File
	Pages    []content.File // content/**/*.md, by name
	Data     []content.File // the records and numbers of content/data/, by name
	Layouts  []content.File // layouts and the stylesheet, the site's own before the theme's, and what in the site's static/ has to do with them
	Assets   []site.Asset   // what is copied, by path
	Bytes    map[string][]byte
	Findings []diag.Finding // what only the disk shows: collisions, symlinks, sizes

	files []content.File // all of Bytes, in a fixed order, so that two trees can be compared side by side
	own   int            // how many of files are the site's; the others are the theme's
	found []diag.Finding // what the disk showed, which no name and no text tells
}

// Source returns the text of a source file, for reports.
func (t *Tree) Source(file string) []byte { return t.Bytes[file] }

// assemble makes a tree of the site's own files, site.toml first, and those of the theme that the site does not have
// itself. found is what the disk showed beside them.
func assemble(own, theme []content.File, found []diag.Finding) *Tree {
	t := &Tree{Bytes: make(map[string][]byte, len(own)+len(theme)), Findings: slices.Clip(found), own: len(own), found: found}
	names := make([]string, 0, len(own))
	for _, f := range own {
		if f.Name != "site.toml" {
			names = append(names, f.Name)
		}
	}
	t.collisions(names)
	for _, f := range own {
		t.hold(f)
	}
	for _, f := range own {
		if f.Name == "site.toml" {
			t.Config = f
			continue
		}
		t.add(f)
	}
	t.theme(theme)
	slices.SortStableFunc(t.Assets, func(a, b site.Asset) int { return strings.Compare(a.Path, b.Path) })
	return t
}

func (t *Tree) hold(f content.File) {
	t.Bytes[f.Name] = f.Text
	t.files = append(t.files, f)
}

// with returns the tree with other texts of files that it has. The tree itself stays as it is.
func (t *Tree) with(changed []content.File) *Tree {
	if len(changed) == 0 {
		return t
	}
	n := *t
	n.Bytes = maps.Clone(t.Bytes)
	for _, list := range []*[]content.File{&n.files, &n.Pages, &n.Data, &n.Layouts} {
		*list = slices.Clone(*list)
	}
	n.Assets = slices.Clone(t.Assets)
	for _, f := range changed {
		n.Bytes[f.Name] = f.Text
		for _, list := range [][]content.File{n.files, n.Pages, n.Data, n.Layouts} {
			if i := slices.IndexFunc(list, func(o content.File) bool { return o.Name == f.Name }); i >= 0 {
				list[i] = f
			}
		}
		if i := slices.IndexFunc(n.Assets, func(a site.Asset) bool { return a.File == f.Name }); i >= 0 {
			n.Assets[i] = assetOf(f, n.Assets[i].Path)
		}
		if f.Name == n.Config.Name {
			n.Config = f
		}
	}
	return &n
}

// Moved returns the tree as it would be if one file had another name, and some files other texts. The tree itself stays
// as it is.
func (t *Tree) Moved(from, to string, texts map[string][]byte) *Tree {
	files := slices.Clone(t.files)
	for i := range files[:t.own] {
		f := &files[i]
		if f.Name == from {
			f.Name = to
		}
		if text, ok := texts[f.Name]; ok {
			f.Text = text
		}
	}
	own := files[:t.own]
	slices.SortStableFunc(own, func(a, b content.File) int { return strings.Compare(a.Name, b.Name) })
	return assemble(own, files[t.own:], t.found)
}

// edited lists, sorted, the files whose text differs from that in an older tree, with those that are new or gone. same
// says that none is: the two trees hold files of the same names.
func (t *Tree) edited(old *Tree) (names []string, same bool) {
	names = []string{}
	same = slices.EqualFunc(t.files, old.files, func(a, b content.File) bool { return a.Name == b.Name })
	if same {
		for i, f := range t.files {
			if !f.Equal(old.files[i]) {
				names = append(names, f.Name)
			}
		}
	} else {
		for name, text := range t.Bytes {
			if was, ok := old.Bytes[name]; !ok || !bytes.Equal(was, text) {
				names = append(names, name)
			}
		}
		for name := range old.Bytes {
			if _, ok := t.Bytes[name]; !ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names, same
}

// collisions reports files, or folders, that are one on a disk that ignores case.
func (t *Tree) collisions(names []string) {
	seen := map[string]string{}
	for _, name := range names {
		for p := name; p != "."; p = path.Dir(p) {
			key := strings.ToLower(norm.NFC.String(p))
			first, ok := seen[key]
			if !ok {
				seen[key] = p
				continue
			}
			if first != p && path.Dir(first) == path.Dir(p) {
				t.Findings = append(t.Findings, diag.Finding{Code: "case-collision", Span: diag.Span{File: p}, Message: fmt.Sprintf("%s and %s are one file on disks that ignore case", first, p), Hint: "rename one of the two"})
			}
		}
	}
}

// add puts one file where it belongs, by its name alone.
func (t *Tree) add(f content.File) {
	name := f.Name
	if bad := strings.IndexFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }); bad >= 0 {
		t.Findings = append(t.Findings, diag.Finding{Code: "reserved-name", Span: diag.Span{File: name}, Message: fmt.Sprintf("the file name %q holds a sign that cannot be seen or read", name), Hint: "rename it with letters and digits"})
		if !utf8.ValidString(name) {
			return // no address could name it
		}
	}
	if meant := content.MeantName(name); meant != "" {
		hint := "rename it to " + path.Base(meant)
		if path.Dir(name) != path.Dir(meant) {
			hint = "move it to " + meant
		}
		if !strings.EqualFold(path.Ext(name), path.Ext(meant)) {
			hint = "write what it holds into " + meant + ", in the format of that file"
		}
		if _, both := t.Bytes[meant]; both {
			hint = "if it is a copy, keep it outside of the site; else move what it holds to " + meant
		}
		t.Findings = append(t.Findings, diag.Finding{Code: "unread-file", Span: diag.Span{File: name}, Message: fmt.Sprintf("%s is not read: such records stand in %s", name, meant), Hint: hint})
	}
	top, rest, _ := strings.Cut(name, "/")
	switch top {
	case "layouts":
		if ext := path.Ext(name); slices.Contains([]string{".htm", ".xhtml", ".tmpl", ".gohtml", ".gotmpl", ".tpl"}, strings.ToLower(ext)) || ext != ".html" && strings.EqualFold(ext, ".html") {
			t.Findings = append(t.Findings, diag.Finding{Code: "layout-error", Span: diag.Span{File: name}, Message: "the names of layouts end in .html, in small letters", Hint: "rename it to " + strings.TrimSuffix(name, ext) + ".html"})
		}
		t.Layouts = append(t.Layouts, layoutFiles(f)...)
	case "static":
		if name == render.Style {
			t.Layouts = append(t.Layouts, f)
			return
		}
		t.Assets = append(t.Assets, assetOf(f, rest))
		if ext := path.Ext(name); ext == ".css" || ext == ".js" {
			t.Layouts = append(t.Layouts, f)
		}
	case "content":
		switch {
		case isMarkdown(name):
			t.Pages = append(t.Pages, f)
			if !strings.HasSuffix(name, ".md") {
				t.Findings = append(t.Findings, diag.Finding{Code: "reserved-name", Span: diag.Span{File: name}, Message: "the names of pages end in .md, in small letters", Hint: "rename it to " + name[:len(name)-len(".md")] + ".md"})
			}
			if i := strings.IndexAny(rest, `#|^[]\:%`); i >= 0 && (rest[i] != '%' || strings.Contains(rest, "%%")) {
				t.Findings = append(t.Findings, diag.Finding{Code: "reserved-name", Span: diag.Span{File: name}, Message: fmt.Sprintf("%q in a file name cannot be linked to", rest[i:i+1]),
					Hint: "rename it, for example to " + strings.Trim(content.Slug(strings.TrimSuffix(path.Base(rest), ".md")), "-") + ".md"})
			}
		case content.DataKind(rest) != "":
			t.Data = append(t.Data, f)
		case strings.HasPrefix(rest, "data/"):
			// Other files of data/ are the writer's own.
		default:
			t.Assets = append(t.Assets, assetOf(f, rest))
		}
	}
}

func layoutFiles(f content.File) []content.File {
	if strings.HasSuffix(f.Name, ".html") {
		return []content.File{f}
	}
	return nil
}

// assetOf is a file that is copied, with its size if it is an image that says so.
func assetOf(f content.File, to string) site.Asset {
	a := site.Asset{File: f.Name, Path: to, Size: len(f.Text)}
	if c, _, err := image.DecodeConfig(bytes.NewReader(f.Text)); err == nil {
		a.Width, a.Height = c.Width, c.Height
	}
	return a
}

// theme adds the files of the default theme that the site does not have itself.
func (t *Tree) theme(files []content.File) {
	for _, f := range files {
		if _, own := t.Bytes[f.Name]; own {
			continue
		}
		switch {
		case f.Name == render.Style:
			t.Layouts = append(t.Layouts, f)
		case strings.HasPrefix(f.Name, "layouts/"):
			// A part of the theme gives way to the site's file of the same name, wherever in layouts/ that stands.
			if !slices.ContainsFunc(t.Layouts, func(o content.File) bool { return path.Base(o.Name) == path.Base(f.Name) }) {
				t.Layouts = append(t.Layouts, layoutFiles(f)...)
			}
		case strings.HasPrefix(f.Name, "static/"):
			t.Assets = append(t.Assets, assetOf(f, strings.TrimPrefix(f.Name, "static/")))
		default:
			continue
		}
		t.hold(f)
	}
}
