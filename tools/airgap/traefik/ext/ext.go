// Package ext stands in for a module inside Traefik's repository that its own module does not hold:
// two places for fields of other products, which are empty in Traefik.
package ext

// HTTP adds nothing to the HTTP part of Traefik's settings.
type HTTP struct{}

// Router adds nothing to a router.
type Router struct{}
