package testkit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// FHIR is a FHIR R4 server that is not ours (Medplum's router), in a process of its own on a loopback port.
type FHIR struct {
	URL  string
	t    testing.TB
	stop func()
}

// StartFHIR starts one that asks for a bearer token; "" for none. It ends with the test, and however the test ends.
func StartFHIR(t testing.TB, token string) *FHIR {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	dir := filepath.Join(filepath.Dir(here), "..", "..", "e2e")
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@medplum", "fhir-router")); err != nil {
		t.Fatalf("the FHIR server is not there: run .ci/install test (%v)", err)
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join("fhir", "server.mjs"))
	cmd.Dir, cmd.Stderr = dir, t.Output()
	cmd.Env = append(os.Environ(), "KONTAKT_FHIR_TOKEN="+token)
	life, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("the FHIR server does not start: run .ci/install test (%v)", err)
	}
	stop := sync.OnceFunc(func() {
		life.Close()
		cmd.Wait()
	})
	t.Cleanup(stop)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the FHIR server does not say where it is: %v", err)
	}
	return &FHIR{strings.TrimSpace(line), t, stop}
}

// Stop ends the server before the test does.
func (f *FHIR) Stop() { f.stop() }

// Put stores a resource and gives its id. token is the one that the server asks for.
func (f *FHIR) Put(token string, resource map[string]any) string {
	f.t.Helper()
	text, err := json.Marshal(resource)
	if err != nil {
		f.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, f.URL+"/"+resource["resourceType"].(string), bytes.NewReader(text))
	if err != nil {
		f.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/fhir+json")
	r.Header.Set("Authorization", "Bearer "+token)
	r.Close = true
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		f.t.Fatal(err)
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(answer.Body)
	var stored struct {
		ID string `json:"id"`
	}
	if err != nil || answer.StatusCode != http.StatusCreated || json.Unmarshal(said, &stored) != nil {
		f.t.Fatalf("the FHIR server stores nothing: %d %s %v", answer.StatusCode, said, err)
	}
	return stored.ID
}
