package build

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gloss/generator/content"
	"gloss/generator/site"
)

func TestHidden(t *testing.T) {
	for name, want := range map[string]bool{
		"content/x.md": false, "content/4912": false, "content/#x.md": false, "content/#": false, "content/x.tmp.md": false, "content/part": false,
		"content/notes.sb-x.md": false, "content/my.sb-": true,
		"content/.x.md": true, "content/.#x.md": true, "content/x.md~": true, "content/4913": true, "content/#x.md#": true, "content/x.md.tmp": true,
		"content/x.md.swp": true, "content/x.md.swx": true, "content/x.part": true, "content/x.crdownload": true, "content/x.md___jb_tmp___": true,
		"content/x.md___jb_old___": true, "content/x.md.sb-1a2b3c4d-AbCdEf": true, "content/x.md.7.gloss-tmp": true, "content/Thumbs.db": true, "content/node_modules": true,
	} {
		if got := Hidden(name); got != want {
			t.Errorf("Hidden(%q) = %v, want %v", name, got, want)
		}
	}
}

// disk is a site in a folder, with files that are old enough to be trusted.
type disk struct {
	t   *testing.T
	dir string
}

func newDisk(t *testing.T) disk {
	d := disk{t, t.TempDir()}
	for name, text := range start() {
		d.write(name, text)
	}
	return d
}

func (d disk) at(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

func (d disk) write(name, text string) {
	d.t.Helper()
	old := time.Now().Add(-time.Hour)
	must(0, os.MkdirAll(filepath.Dir(d.at(name)), 0o755))
	must(0, os.WriteFile(d.at(name), []byte(text), 0o644))
	must(0, os.Chtimes(d.at(name), old, old))
}

// fresh is what a first reading finds: what every later one must find, too.
func (d disk) fresh() *Tree { return must(Read(d.dir, glass)) }

// TestReader changes a site in many ways and holds each later reading against a first one.
func TestReader(t *testing.T) {
	d := newDisk(t)
	r := NewReader(d.dir, glass)
	last := must(r.Read())
	for _, c := range []struct {
		what   string
		change func()
		shared bool // the page that is not touched is the same bytes
	}{
		{"nothing", func() {}, true},
		{"prose", func() { d.write("content/note.md", "# Note\n\nOther words.\n") }, true},
		{"a value", func() { d.write("content/data/facts.toml", start()["content/data/facts.toml"]+"\n") }, true},
		{"the configuration", func() { d.write("site.toml", "title = \"U\"\n") }, true},
		{"a new page", func() { d.write("content/new/page.md", "# New\n") }, true},
		{"a new layout", func() { d.write("layouts/page.html", "<p>{{.Title}}") }, true},
		{"another picture", func() { d.write("content/x.png", "no picture") }, true},
		{"a page less", func() { must(0, os.Remove(d.at("content/new/page.md"))) }, true},
		{"a symlink", func() { must(0, os.Symlink("note.md", d.at("content/link.md"))) }, true},
		{"a symlink to a folder", func() { must(0, os.Symlink("terms", d.at("content/glossary"))) }, true},
		{"a symlink that leads out", func() { must(0, os.Symlink("/", d.at("content/out"))) }, true},
		{"a folder for a file", func() {
			must(0, os.Remove(d.at("content/note.md")))
			d.write("content/note.md/deep.md", "# Deep\n")
		}, true},
	} {
		c.change()
		got := must(r.Read())
		if want := d.fresh(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: a later reading differs from a first one", c.what)
		}
		const other = "content/terms/a-term.md"
		if same := &got.Bytes[other][0] == &last.Bytes[other][0]; same != c.shared {
			t.Errorf("%s: %s is read again", c.what, other)
		}
		last = got
	}
	// By now the first symlink leads to a folder.
	want := []string{".", "content", "content/data", "content/glossary", "content/link.md", "content/new", "content/note.md", "content/sections", "content/terms", "content/who", "layouts"}
	if got := slices.Sorted(slices.Values(r.Dirs())); !slices.Equal(got, want) {
		t.Errorf("the folders are %v, want %v", got, want)
	}
}

// TestReaderTrusts: a file is read again when the disk says that it is another one, or when its last change was so
// recent that a second one may hide behind it.
func TestReaderTrusts(t *testing.T) {
	d := newDisk(t)
	r := NewReader(d.dir, glass)
	must(r.Read())
	name := "content/note.md"
	text := start()[name]
	for _, c := range []struct {
		what string
		save func(text string)
		seen bool
	}{
		{"a save long ago", func(s string) { d.write(name, s) }, true}, // the time of d.write moves on
		{"another inode", func(s string) {
			info := must(os.Stat(d.at(name)))
			must(0, os.WriteFile(d.at("content/.new"), []byte(s), 0o644))
			must(0, os.Chtimes(d.at("content/.new"), info.ModTime(), info.ModTime()))
			must(0, os.Rename(d.at("content/.new"), d.at(name)))
		}, true},
		{"nothing but the bytes, long ago", func(s string) {
			info := must(os.Stat(d.at(name)))
			must(0, os.WriteFile(d.at(name), []byte(s), 0o644))
			must(0, os.Chtimes(d.at(name), info.ModTime(), info.ModTime()))
		}, false},
		{"a save just now", func(s string) { must(0, os.WriteFile(d.at(name), []byte(s), 0o644)) }, true},
		{"a second save in the same tick", func(s string) {
			info := must(os.Stat(d.at(name)))
			must(0, os.WriteFile(d.at(name), []byte(s), 0o644))
			must(0, os.Chtimes(d.at(name), info.ModTime(), info.ModTime()))
		}, true},
	} {
		old := text
		text = strings.Replace(text, "See", "sEE", 1)
		if text == old {
			text = strings.Replace(text, "sEE", "See", 1)
		}
		c.save(text)
		got := string(must(r.Read()).Bytes[name])
		if seen := got == text; seen != c.seen {
			t.Errorf("%s: the new text was seen: %v, want %v", c.what, seen, c.seen)
		}
	}
	before := must(r.Read()).Bytes[name]
	must(0, os.WriteFile(d.at(name), before, 0o644))
	must(r.Read())
	d.write("content/new.md", "# New\n") // which makes a tree of everything
	if after := must(r.Read()).Bytes[name]; &before[0] != &after[0] {
		t.Error("a save without a change gives other bytes")
	}
}

func TestReadNamed(t *testing.T) {
	d := newDisk(t)
	r := NewReader(d.dir, glass)
	if _, ok, err := r.ReadNamed([]string{"content/note.md"}); ok || err != nil {
		t.Errorf("before the first Read: %v, %v", ok, err)
	}
	first := must(r.Read())
	kept := string(first.Bytes["content/note.md"])
	d.write("content/note.md", "# Note\n\nOther words.\n")
	d.write("content/data/facts.toml", "\n"+start()["content/data/facts.toml"])
	d.write("site.toml", "title = \"U\"\n")
	named := []string{"content/note.md", "content/data/facts.toml", "content/note.md", "site.toml", "content/who/who-b.md"}
	got, ok, err := r.ReadNamed(named)
	if err != nil || !ok {
		t.Fatalf("ReadNamed: %v, %v", ok, err)
	}
	want := d.fresh()
	want.Findings, got.Findings = nil, nil
	if !reflect.DeepEqual(got.Bytes, want.Bytes) || !got.Config.Equal(want.Config) || !slices.EqualFunc(got.Data, want.Data, content.File.Equal) {
		t.Error("the named files are not those of a first reading")
	}
	if string(first.Bytes["content/note.md"]) != kept || &first.Bytes["content/who/who-b.md"][0] != &got.Bytes["content/who/who-b.md"][0] {
		t.Error("the first tree has changed, or a file that has not was copied")
	}
	for _, list := range [][]content.File{first.files, first.Pages, first.Data, first.Layouts} {
		for _, f := range list {
			if string(f.Text) != string(first.Bytes[f.Name]) {
				t.Errorf("%s has changed in the first tree", f.Name)
			}
		}
	}
	for _, name := range []string{"content/gone.md", "content", "content/.hidden.md", "../x", "", "content/new.md"} {
		d.write("content/new.md", "# New\n")
		if _, ok, err := r.ReadNamed([]string{"content/note.md", name}); ok || err != nil {
			t.Errorf("ReadNamed(%q): %v, %v", name, ok, err)
		}
	}
	for what, change := range map[string]func(at string) error{
		"gone":      os.Remove,
		"a symlink": func(at string) error { return os.Symlink("a-term.md", at) },
		"a folder":  func(at string) error { return os.Mkdir(at, 0o755) },
	} {
		_ = os.Remove(d.at("content/who/who-d.md"))
		if what != "gone" {
			must(0, change(d.at("content/who/who-d.md")))
		}
		if _, ok, err := r.ReadNamed([]string{"content/who/who-d.md"}); ok || err != nil {
			t.Errorf("a file that is %s: %v, %v", what, ok, err)
		}
	}
	// With a symlink in the site, a file may have a name that no event tells of.
	must(0, os.Symlink("note.md", d.at("content/link.md")))
	must(0, os.Symlink("terms", d.at("content/glossary")))
	must(r.Read())
	for _, name := range []string{"content/note.md", "content/link.md", "content/glossary/a-term.md"} {
		if _, ok, err := r.ReadNamed([]string{name}); ok || err != nil {
			t.Errorf("beside a symlink, ReadNamed(%q): %v, %v", name, ok, err)
		}
	}
}

// TestResult holds what a result says beside its files: what was edited, that outputs keep their bytes, and that layouts
// that do not work stop the build.
func TestResult(t *testing.T) {
	files, m := start(), &Memo{}
	env := Env{Env: site.Env{Today: "2024-06-01"}}
	build := func() *Result { return Build(themed(t, files, glass), env, m) }
	first := build()
	if first.Edited != nil || first.Stopped {
		t.Errorf("a first build: edited %v, stopped %v", first.Edited, first.Stopped)
	}
	for _, c := range []struct {
		what   string
		change func()
		want   []string
	}{
		{"nothing", func() {}, []string{}},
		{"prose", func() { files["content/note.md"] += "More.\n" }, []string{"content/note.md"}},
		{"a title and a record", func() {
			files["content/note.md"] = "# Another\n"
			files["content/data/facts.toml"] += "\n"
		}, []string{"content/data/facts.toml", "content/note.md"}},
		{"one new, one gone", func() {
			files["content/other.md"] = "# Other\n"
			delete(files, "content/note.md")
		}, []string{"content/note.md", "content/other.md"}},
		{"a file of the writer's own", func() { files["content/data/notes.txt"] = "x" }, []string{"content/data/notes.txt"}},
	} {
		c.change()
		last := m.last.files
		r := build()
		if !slices.Equal(r.Edited, c.want) || r.Edited == nil {
			t.Errorf("%s: edited %v, want %v", c.what, r.Edited, c.want)
		}
		for name, b := range r.Files {
			if old := last[name]; len(b) > 0 && string(old) == string(b) && &old[0] != &b[0] {
				t.Errorf("%s: %s is the same in other bytes", c.what, name)
			}
		}
	}
	files["layouts/page.html"] = "{{.Nope}}"
	if r := build(); !r.Stopped || !r.Errors() {
		t.Error("a layout that does not work did not stop the build")
	}
	files["content/sections/10-one.md"] += "More.\n"
	if r := build(); !r.Stopped || !r.Errors() {
		t.Error("a layout that does not work did not stop the second build")
	}
	delete(files, "layouts/page.html")
	if r := build(); r.Stopped || len(r.Files) != len(Build(themed(t, files, glass), env, nil).Files) {
		t.Error("the build did not go on after the layout was mended")
	}
}
