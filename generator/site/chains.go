package site

// chains joins sources that rely on one another: independent origins are the parts of that graph (contract section 6).
func (s *Site) chains() {
	parent := map[string]string{}
	var root func(string) string
	root = func(id string) string {
		if p, ok := parent[id]; ok && p != id {
			r := root(p)
			parent[id] = r
			return r
		}
		return id
	}
	for _, t := range s.Sources {
		for _, via := range s.vias(t) {
			a, b := root(t.ID), root(via.ID)
			if a != b {
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	for _, t := range s.Sources {
		s.origins[t.ID] = root(t.ID)
	}
}

// vias are the sources through which we know a source, or on which it relies.
func (s *Site) vias(t *Thing) []*Thing {
	var out []*Thing
	for _, i := range t.Source.Via {
		if v := s.dataRefs[t.Data][i].Thing; v != nil {
			out = append(out, v)
		}
	}
	return out
}

// originsOf counts the independent origins of some sources.
func (s *Site) originsOf(sources []*Thing) int {
	seen := map[string]bool{}
	for _, t := range sources {
		if t.Kind == "source" {
			seen[s.origins[t.ID]] = true
		}
	}
	return len(seen)
}
