/**
 * The host's end of a guest's TCP connections (RFC 9293), as far as it is needed on a wire that
 * loses and reorders nothing: go-back-N instead of selective acknowledgments, no congestion
 * control; but every sequence number exact, so that a connection can be ended in the guest's kernel
 * at any time. Pure: time comes in as an argument; not safe for several threads.
 */
package io.runnel.exec.network.tcp;
