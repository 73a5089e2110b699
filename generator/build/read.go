package build

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoders of the sizes of images
	_ "image/jpeg"
	_ "image/png"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
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
	Layouts  []content.File // layouts and the stylesheet, the site's own before the theme's
	Assets   []site.Asset   // what is copied, by path
	Bytes    map[string][]byte
	Findings []diag.Finding // what only the disk shows: collisions, symlinks, sizes
}

// Read reads the site in a folder. theme holds the layouts/ and static/ that a site without its own uses. An error is
// about the machine; what is wrong with the writer's files is in Tree.Findings.
func Read(dir string, theme fs.FS) (*Tree, error) {
	t := &Tree{Bytes: map[string][]byte{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("open the site: %w", err)
	}
	defer root.Close()
	cfg, err := root.ReadFile("site.toml")
	if err != nil {
		return nil, fmt.Errorf("read site.toml: %w", err)
	}
	t.Config = content.File{Name: "site.toml", Text: cfg}
	t.Bytes["site.toml"] = cfg
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, fmt.Errorf("find the site: %w", err)
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil, fmt.Errorf("find the site: %w", err)
	}
	var names []string
	for _, top := range []string{"content", "layouts", "static"} {
		got, err := t.walk(root, real, top)
		if err != nil {
			return nil, err
		}
		names = append(names, got...)
	}
	t.collisions(names)
	for _, name := range names {
		text, err := root.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		t.add(name, text)
	}
	if err := t.theme(theme); err != nil {
		return nil, err
	}
	sort.Slice(t.Assets, func(i, j int) bool { return t.Assets[i].Path < t.Assets[j].Path })
	return t, nil
}

// hidden says whether a file is none of the site's: those of editors, of the system, of Obsidian.
func hidden(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") || isTemporary(base) || base == "Thumbs.db" || base == "node_modules"
}

// walk lists the files below a folder. Symlinks that stay in the site are followed; those that leave it are findings.
func (t *Tree) walk(root *os.Root, real, dir string) ([]string, error) {
	var out []string
	var visit func(dir string, depth int) error
	visit = func(dir string, depth int) error {
		f, err := root.Open(dir)
		if err != nil {
			return err
		}
		entries, err := f.ReadDir(-1)
		f.Close()
		if err != nil {
			return err
		}
		sort.Slice(entries, func(i, j int) bool { return entries[i].Name() < entries[j].Name() })
		for _, e := range entries {
			name := dir + "/" + e.Name()
			if hidden(name) {
				continue
			}
			isDir, regular := e.IsDir(), e.Type().IsRegular()
			if e.Type()&fs.ModeSymlink != 0 {
				target, err := filepath.EvalSymlinks(filepath.Join(real, filepath.FromSlash(name)))
				if err != nil {
					t.Findings = append(t.Findings, diag.Finding{Code: "escaping-path", Span: diag.Span{File: name}, Message: "this symlink leads nowhere", Hint: "remove it, or correct what it points to"})
					continue
				}
				if target != real && !strings.HasPrefix(target, real+string(filepath.Separator)) {
					t.Findings = append(t.Findings, diag.Finding{Code: "escaping-path", Span: diag.Span{File: name}, Message: "this symlink leads out of the site", Hint: "copy the file into the site instead"})
					continue
				}
				info, err := os.Stat(target)
				if err != nil {
					return err
				}
				isDir, regular = info.IsDir(), info.Mode().IsRegular()
				if isDir && strings.HasPrefix(filepath.Join(real, filepath.FromSlash(name))+string(filepath.Separator), target+string(filepath.Separator)) {
					t.Findings = append(t.Findings, diag.Finding{Code: "escaping-path", Span: diag.Span{File: name}, Message: "this symlink leads back to a folder it stands in", Hint: "remove it"})
					continue
				}
			}
			switch {
			case isDir && depth > 60:
				return fmt.Errorf("%s: more than 60 folders deep", name)
			case isDir:
				if err := visit(name, depth+1); err != nil {
					return err
				}
			case regular: // no pipe or device, which might never end
				out = append(out, name)
			}
		}
		return nil
	}
	err := visit(dir, 0)
	if errors.Is(err, fs.ErrNotExist) && len(out) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", dir, err)
	}
	return out, nil
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
func (t *Tree) add(name string, text []byte) {
	t.Bytes[name] = text
	if bad := strings.IndexFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }); bad >= 0 {
		t.Findings = append(t.Findings, diag.Finding{Code: "reserved-name", Span: diag.Span{File: name}, Message: fmt.Sprintf("the file name %q holds a sign that cannot be seen or read", name), Hint: "rename it with letters and digits"})
		if !utf8.ValidString(name) {
			return // no address could name it
		}
	}
	f := content.File{Name: name, Text: text}
	top, rest, _ := strings.Cut(name, "/")
	switch top {
	case "layouts":
		t.Layouts = append(t.Layouts, layoutFiles(f)...)
	case "static":
		if name == render.Style {
			t.Layouts = append(t.Layouts, f)
			return
		}
		t.asset(f, rest)
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
			t.asset(f, rest)
		}
	}
}

func layoutFiles(f content.File) []content.File {
	if strings.HasSuffix(f.Name, ".html") {
		return []content.File{f}
	}
	return nil
}

func (t *Tree) asset(f content.File, to string) {
	a := site.Asset{File: f.Name, Path: to}
	if c, _, err := image.DecodeConfig(bytes.NewReader(f.Text)); err == nil {
		a.Width, a.Height = c.Width, c.Height
	}
	t.Assets = append(t.Assets, a)
}

// theme adds the files of the default theme that the site does not have itself.
func (t *Tree) theme(theme fs.FS) error {
	if theme == nil {
		return nil
	}
	return fs.WalkDir(theme, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if _, own := t.Bytes[name]; own || hidden(name) {
			return nil
		}
		text, err := fs.ReadFile(theme, name)
		if err != nil {
			return fmt.Errorf("read the theme: %w", err)
		}
		f := content.File{Name: name, Text: text}
		switch {
		case name == render.Style:
			t.Layouts = append(t.Layouts, f)
		case strings.HasPrefix(name, "layouts/"):
			// A part of the theme gives way to the site's file of the same name, wherever in layouts/ that stands.
			if !slices.ContainsFunc(t.Layouts, func(o content.File) bool { return path.Base(o.Name) == path.Base(name) }) {
				t.Layouts = append(t.Layouts, layoutFiles(f)...)
			}
		case strings.HasPrefix(name, "static/"):
			t.asset(f, strings.TrimPrefix(name, "static/"))
		default:
			return nil
		}
		t.Bytes[name] = text
		return nil
	})
}

// Find returns the nearest folder, from dir upwards, that holds a site.toml.
func Find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the site: %w", err)
	}
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(filepath.Join(at, "site.toml")); err == nil {
			return at, nil
		}
		if at == filepath.Dir(at) {
			return "", fmt.Errorf("there is no site.toml in %s or above; make one with a line title = \"…\"", dir)
		}
	}
}

// Source returns the text of a source file, for reports.
func (t *Tree) Source(file string) []byte { return t.Bytes[file] }

// Reader reads a site again and again.
type Reader struct {
	dir   string
	theme fs.FS
	dirs  []string
}

// NewReader returns a reader of the site in a folder.
func NewReader(dir string, theme fs.FS) *Reader { return &Reader{dir: dir, theme: theme} }

// Read reads everything.
func (r *Reader) Read() (*Tree, error) {
	r.dirs = []string{"."}
	_ = fs.WalkDir(os.DirFS(r.dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && p != "." {
			for _, top := range Tops {
				if p == top || len(p) > len(top) && p[:len(top)+1] == top+"/" {
					r.dirs = append(r.dirs, p)
					return nil
				}
			}
			return fs.SkipDir
		}
		return nil
	})
	return Read(r.dir, r.theme)
}

// ReadNamed reads what is named.
func (r *Reader) ReadNamed(names []string) (*Tree, bool, error) { return nil, false, nil }

// Dirs lists the folders of the last Read.
func (r *Reader) Dirs() []string { return r.dirs }

// Tops are the folders of a site.
var Tops = []string{"content", "layouts", "static"}

// Hidden says whether a file is none of the site's.
func Hidden(name string) bool { return hidden(name) }
