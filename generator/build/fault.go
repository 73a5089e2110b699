package build

import (
	"fmt"
	"slices"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// try calls f, and keeps the finding of its panic.
func (w *work) try(file, doing string, f func()) (ok bool) {
	bad := diag.Try(file, doing, f)
	if bad != nil {
		w.faults = append(w.faults, *bad)
	}
	return bad == nil
}

// A file on which its reader panics is read as an empty one, and as nobody knows what it says, it counts as unreadable.

func (w *work) readConfig(m *Memo) (out *content.ParsedConfig) {
	f := w.tree.Config
	if bad := diag.Try(f.Name, "reading this file", func() { out = Do(m, "config", f.Name, f, content.ParseConfig) }); bad != nil {
		empty := content.ParseConfig(content.File{Name: f.Name})
		empty.Findings = diag.Unreadable([]diag.Finding{*bad})
		return &empty
	}
	return out
}

func readPage(m *Memo, f content.File, set content.Settings) (out *content.ParsedDoc) {
	if bad := diag.Try(f.Name, "reading this file", func() {
		out = Do(m, "page", f.Name, content.DocInput{File: f, Settings: set}, content.ParseDoc)
	}); bad != nil {
		empty := content.ParseDoc(content.DocInput{File: content.File{Name: f.Name}, Settings: set})
		empty.Findings = diag.Unreadable([]diag.Finding{*bad})
		return &empty
	}
	return out
}

func readData(m *Memo, f content.File, set content.Settings) (out *content.ParsedData) {
	if bad := diag.Try(f.Name, "reading this file", func() {
		out = Do(m, "data", f.Name, content.DataInput{File: f, Settings: set}, content.ParseData)
	}); bad != nil {
		empty := content.ParseData(content.DataInput{File: content.File{Name: f.Name}, Settings: set})
		empty.Findings = diag.Unreadable([]diag.Finding{*bad})
		return &empty
	}
	return out
}

func (w *work) readLayouts(m *Memo) {
	if bad := diag.Try("site.toml", "reading the layouts", func() {
		w.layouts = Do(m, "layouts", "", render.LayoutInput{Files: w.tree.Layouts}, render.ParseLayouts)
	}); bad != nil {
		w.layouts = &render.ParsedLayouts{Findings: []diag.Finding{*bad}, Stopped: true}
	}
}

// linkWithout links the site. When that panics as a whole, the file that makes it panic is left out, and the rest is
// linked: of the pages and data files in their order, the last one of the fewest that panic together. It costs a link for
// each halving. After a few such files the site is linked without any.
func (w *work) linkWithout(in site.Input) (out *site.Site, found []diag.Finding) {
	const most = 3
	for n := range most + 1 {
		fault := diag.Try("site.toml", "linking the site", func() {
			s, fs := site.Link(in)
			out, found = s, append(found, fs...)
		})
		if fault == nil {
			return out, found
		}
		files := len(in.Docs) + len(in.Data)
		if files == 0 {
			panic(&diag.Fault{Value: fault.Message, Calls: fault.Calls}) // an empty site: nothing can be shown
		}
		if n == most {
			found = append(found, *fault)
			in.Docs, in.Data = nil, nil
			out, _ = site.Link(in)
			return out, found
		}
		// first returns the input with just so many of the files.
		first := func(files int) site.Input {
			some := in
			some.Docs = in.Docs[:min(files, len(in.Docs))]
			some.Data = in.Data[:max(0, files-len(in.Docs))]
			return some
		}
		low, high := 0, files // none of the first low panic, all of the first high do
		for low+1 < high {
			mid := (low + high) / 2
			if diag.Catch(func() { site.Link(first(mid)) }) != nil {
				high = mid
			} else {
				low = mid
			}
		}
		if at := high - 1; at < len(in.Docs) {
			fault.Span.File = in.Docs[at].File
			in.Docs = slices.Delete(slices.Clone(in.Docs), at, at+1)
		} else {
			at -= len(in.Docs)
			fault.Span.File = in.Data[at].File
			in.Data = slices.Delete(slices.Clone(in.Data), at, at+1)
		}
		fault.Message = fmt.Sprintf("%s; without this file it does not", fault.Message)
		w.faults = append(w.faults, diag.Unreadable([]diag.Finding{*fault})...)
	}
	return out, found
}

// Failed says whether the program itself failed on something, so that nothing it says of the rest is certain.
func (r *Result) Failed() bool { return diag.Failed(r.Findings) }
