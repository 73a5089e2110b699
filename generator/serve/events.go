package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// notice is what open pages are told, as an unnamed server-sent event (WHATWG HTML 9.2): after a build that changed
// anything, and as a hello when they connect or have missed a build.
type notice struct {
	Type    string   `json:"type"` // build or hello
	Session string   `json:"session"`
	Build   int      `json:"build"`
	Changed []string `json:"changed"` // addresses of pages whose bytes changed, relative to the base path; null: too many to say
	Edited  []edit   `json:"edited,omitempty"`
	Assets  []string `json:"assets,omitempty"`
	Stopped bool     `json:"stopped,omitempty"`
}

const (
	mostChanged = 500              // addresses that a notice names
	pingEvery   = 15 * time.Second // shows both sides that the other is still there
	patience    = 10 * time.Second // for a client that does not read
	remembered  = 32               // notices kept for clients that are a little behind
)

// news holds the newest notices and who waits for the next. The zero news is ready.
type news struct {
	mu    sync.Mutex
	next  chan struct{} // closed when there is something new; nil until somebody waits
	last  []notice
	ended bool
}

// tell sends a notice to everybody who listens. It never waits for them.
func (n *news) tell(x notice) {
	if len(x.Changed) > mostChanged {
		x.Changed = nil
	} else if x.Changed == nil {
		x.Changed = []string{}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = append(n.last[max(0, len(n.last)-remembered+1):len(n.last):len(n.last)], x)
	n.wake()
}

func (n *news) wake() {
	if n.next != nil {
		close(n.next)
		n.next = nil
	}
}

// end lets every listener go.
func (n *news) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ended = true
	n.wake()
}

// after returns the notices that follow a build, and where to wait when there is none yet. known is false when some of
// them are no longer kept.
func (n *news) after(build int) (list []notice, known bool, wait <-chan struct{}, ended bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	known = len(n.last) == 0 || n.last[0].Build <= build+1
	for _, x := range n.last {
		if x.Build > build {
			list = append(list, x)
		}
	}
	if n.next == nil {
		n.next = make(chan struct{})
	}
	return list, known, n.next, n.ended
}

// events is the stream of notices to one browser. A client that is slow or gone holds up nobody: it has a goroutine of
// its own, and is let go when it does not read for a while.
func (s *server) events(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	send := func(text string) bool {
		_ = out.SetWriteDeadline(time.Now().Add(patience))
		_, err := w.Write([]byte(text))
		return err == nil && out.Flush() == nil
	}
	say := func(x notice) bool {
		b, err := json.Marshal(x)
		return err == nil && send(fmt.Sprintf("data: %s\n\n", b))
	}
	at := s.now.Load().number
	if !say(notice{Type: "hello", Session: s.session, Build: at}) {
		return
	}
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		list, known, wait, ended := s.news.after(at)
		if !known {
			at = s.now.Load().number
			list = []notice{{Type: "hello", Session: s.session, Build: at}}
		}
		for _, x := range list {
			if !say(x) {
				return
			}
			at = x.Build
		}
		if ended {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-wait:
		case <-ping.C:
			if !send(": still here\n\n") {
				return
			}
		}
	}
}
