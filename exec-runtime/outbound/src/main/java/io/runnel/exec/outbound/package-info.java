/**
 * How the HTTP requests of guests leave a node: to allowed names only, and to no address that is
 * not the public internet's.
 */
package io.runnel.exec.outbound;
