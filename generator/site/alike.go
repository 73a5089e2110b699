package site

import (
	"reflect"
	"slices"

	"gloss/generator/content"
)

// Alike compares a site with one that was linked earlier. The function that it returns says of a page that its View is
// surely what it was then, so that nobody needs to make it: after a change of a title most pages are that. Of pages that
// show parts of others, or what concerns the whole site, it never says so.
func (s *Site) Alike(old *Site) func(*Page) bool {
	if !s.surroundingsAlike(old) {
		return func(*Page) bool { return false }
	}
	// What a page says is told from its text and from where its references lead. Both are asked for once for each page, as
	// the pages that it mentions show its sentences.
	records := s.recordsAlike(old)
	was := make([]*Page, len(s.Pages)) // nil: it says something else
	for i, p := range s.Pages {
		q := old.byFile[p.File]
		if q != nil && p.Doc == q.Doc && likeThings(p.Thing, q.Thing) && (records || !p.usesRecords()) &&
			slices.EqualFunc(p.Targets, q.Targets, func(a, b Target) bool { return likeTargetsOf(p, q, a, b) }) {
			was[i] = q
		}
	}
	likeMention := func(a, b Mention) bool {
		return was[a.In.Order] == b.In && a.Block == b.Block && a.From == b.From && a.To == b.To && a.Ref == b.Ref
	}
	return func(p *Page) bool {
		q := was[p.Order]
		return q != nil && p.Made == nil && q.Made == nil && p.alone() && q.alone() &&
			slices.Equal(s.movedAt(p.URL, p.URL), old.movedAt(p.URL, p.URL)) &&
			slices.EqualFunc(p.Autos, q.Autos, likeFirstMention) &&
			slices.EqualFunc(p.Thing.Used, q.Thing.Used, likeMention) &&
			reflect.DeepEqual(s.changesOf(p), old.changesOf(q))
	}
}

// changesOf is what a page shows of its own changes. They stand in records, whose references are none of the page's, so
// what they come to is compared, not where they stand.
func (s *Site) changesOf(p *Page) []ChangeView {
	if len(p.changes) == 0 {
		return nil
	}
	return s.viewer(p, p.URL).changes(p.changes)
}

// alone says whether a page shows nothing of others but names, addresses and the sentences that mention it.
func (p *Page) alone() bool {
	switch p.Type {
	case content.Plain:
		if p.URL == "corrections/" { // which shows changes of all pages
			return false
		}
	case content.Term:
	case content.Who:
		if len(p.Thing.events) > 0 || len(p.Thing.held) > 0 {
			return false
		}
	default:
		return false
	}
	return len(p.Charts) == 0 && len(p.Lines) == 0 && !slices.ContainsFunc(p.Refs, func(r content.Ref) bool { return r.Kind == content.RefEmbed })
}

// surroundingsAlike compares what any page may show: the configuration and the navigation.
func (s *Site) surroundingsAlike(old *Site) bool {
	return s.Env == old.Env && s.Base == old.Base && reflect.DeepEqual(s.Config, old.Config) && reflect.DeepEqual(s.viewer(nil, "").base(""), old.viewer(nil, "").base(""))
}

// usesRecords says whether a page says anything that depends on records: on those that it names, or on others that these
// rest upon.
func (p *Page) usesRecords() bool {
	for i, t := range p.Targets {
		if t.Thing != nil && (t.Thing.Data != nil || t.Thing.Event != nil) || p.Refs[i].Kind == content.RefCite && p.Refs[i].Target == "*" {
			return true
		}
	}
	return false
}

// recordsAlike compares the records and where they lead.
func (s *Site) recordsAlike(old *Site) bool {
	if !slices.Equal(s.data, old.data) {
		return false
	}
	for _, d := range s.data {
		if !slices.EqualFunc(s.dataRefs[d], old.dataRefs[d], func(a, b Target) bool { return likeTargetsOf(nil, nil, a, b) }) {
			return false
		}
	}
	return slices.EqualFunc(s.Facts, old.Facts, likeThings) && slices.EqualFunc(s.Claims, old.Claims, likeThings) && slices.EqualFunc(s.Sources, old.Sources, likeThings)
}

// likeThings compares what is shown where something is linked. The records themselves stay those of their file while
// that is not read again.
func likeThings(a, b *Thing) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Kind == b.Kind && a.ID == b.ID && a.Title == b.Title && a.URL == b.URL && a.Fact == b.Fact && a.Claim == b.Claim && a.Source == b.Source && likeEvents(a.Event, b.Event)
}

func likeEvents(a, b *Event) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Date == b.Date && a.End == b.End && a.DateText == b.DateText
}

// likeTargetsOf compares where two references lead, as seen from their pages.
func likeTargetsOf(p, q *Page, a, b Target) bool {
	if a.Asset == nil || b.Asset == nil {
		if a.Asset != b.Asset {
			return false
		}
	} else if *a.Asset != *b.Asset {
		return false
	}
	itself := func(page *Page, t Target) bool { return page != nil && t.Thing == page.Thing }
	return likeThings(a.Thing, b.Thing) && itself(p, a) == itself(q, b) && a.Fragment == b.Fragment && a.Past == b.Past
}

func likeFirstMention(a, b Auto) bool {
	return likeThings(a.Thing, b.Thing) && a.Piece == b.Piece && a.From == b.From && a.To == b.To
}
