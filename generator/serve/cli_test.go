package serve

import (
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestBusyPort: the next free port is taken, and when all are busy the first one is named.
func TestBusyPort(t *testing.T) {
	first, err := listen("127.0.0.1", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	port := first.Addr().(*net.TCPAddr).Port
	second, err := listen("127.0.0.1", port)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if got := second.Addr().(*net.TCPAddr).Port; got <= port || got > port+10 {
		t.Errorf("with %d busy, got the port %d", port, got)
	}
	if _, err := listen("192.0.2.1", 8080); err == nil || !strings.Contains(err.Error(), "8080") {
		t.Errorf("an address of another machine: %v", err)
	}
}

// TestAddresses: what is printed can be opened, and is allowed.
func TestAddresses(t *testing.T) {
	at := func(s string) net.Addr { return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s)) }
	for in, want := range map[string]string{"127.0.0.1:80": "127.0.0.1:80", "0.0.0.0:8080": "127.0.0.1:8080", "[::]:8080": "127.0.0.1:8080", "[::1]:8080": "[::1]:8080"} {
		if got := shownHost(at(in)); got != want {
			t.Errorf("%s is shown as %s, want %s", in, got, want)
		}
	}
	if got := elsewhere(at("127.0.0.1:8080"), "127.0.0.1"); got != nil {
		t.Errorf("the loopback address is said to be reached at %v", got)
	}
	hosts, err := allowed("0.0.0.0", []string{"Box.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range append(elsewhere(at("0.0.0.0:8080"), "0.0.0.0"), "box.example:443") {
		if !hosts[hostOf(a)] {
			t.Errorf("%s is printed, and not allowed", a)
		}
	}
	if hosts, _ := allowed("127.0.0.1", nil); len(hosts) != 3 {
		t.Errorf("by default the names %v are allowed", hosts)
	}
}

// TestOpenBrowser starts the writer's own browser with the address.
func TestOpenBrowser(t *testing.T) {
	dir := t.TempDir()
	script, out := filepath.Join(dir, "browser"), filepath.Join(dir, "asked")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf %s \"$1\" > "+strconv.Quote(out+".part")+"\nmv "+strconv.Quote(out+".part")+" "+strconv.Quote(out)+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("BROWSER", script)
	if err := openBrowser("http://127.0.0.1:8080/x/"); err != nil {
		t.Skipf("no shell: %v", err)
	}
	for end := time.Now().Add(long); ; {
		if b, err := os.ReadFile(out); err == nil {
			if string(b) != "http://127.0.0.1:8080/x/" {
				t.Errorf("the browser was asked for %q", b)
			}
			return
		} else if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}
