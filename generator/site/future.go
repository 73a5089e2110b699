package site

import (
	"fmt"
	"time"

	"gloss/generator/content"
)

// Dates of what has happened may not lie in the future. Only commands that know the day can tell (Env.Today), and a day
// more is let pass, since it is tomorrow already in another part of the world.

func (s *Site) checkFuturePage(p *Page) {
	if p.Meta.Draft {
		return
	}
	const hold = "correct it, or hold the page back with draft: true until then"
	s.future(p.Meta.Published, hold, "published")
	updated := p.Meta.Updated
	updated.Span = p.Meta.UpdatedSpan
	s.future(updated, hold, "updated")
	s.future(p.Meta.RoleAsOf, "write the day on which the role was known", "role_as_of")
}

func (s *Site) checkFutureRecords() {
	const known = "write the day for which it is known; an expected value is announced with next_update"
	for _, t := range s.Facts {
		s.future(t.Fact.AsOf, known, fmt.Sprintf("as_of of the fact %q", t.ID))
		for _, h := range t.Fact.History {
			s.future(h.AsOf, known, fmt.Sprintf("as_of of an earlier value of %q", t.ID))
		}
	}
	for _, t := range s.Claims {
		s.future(t.Claim.AsOf, known, fmt.Sprintf("as_of of the claim %q", t.ID))
		for _, p := range t.Claim.Positions {
			s.future(p.Date, "write the day on which it was said", fmt.Sprintf("the date of a position on %q", t.ID))
		}
	}
	for _, e := range s.Events {
		if !e.Planned {
			s.future(e.Date, "correct it, or say that the event is planned", fmt.Sprintf("the date of the event %q", e.Thing.ID))
		}
	}
	for _, c := range s.Changes {
		s.future(c.Date, "write the day of the change", "the date of this change")
	}
	for _, t := range s.Sources {
		s.futureSource(t.Source.Issued, fmt.Sprintf("issued of the source %q", t.ID))
		s.futureSource(t.Source.Accessed, fmt.Sprintf("accessed of the source %q", t.ID))
	}
}

func (s *Site) futureSource(d content.SourceDate, what string) {
	first := d.First()
	first.Span = d.Span
	s.future(first, "correct it", what)
}

// future reports a date that is not over yet.
func (s *Site) future(d content.Date, hint, what string) {
	today, err := time.Parse(time.DateOnly, s.Env.Today)
	if err != nil || d.IsZero() || d.First() <= today.AddDate(0, 0, 1).Format(time.DateOnly) {
		return
	}
	s.add("future-date", d.Span, hint, "%s lies in the future: %s", what, s.Lang.FormatDate(d))
}
