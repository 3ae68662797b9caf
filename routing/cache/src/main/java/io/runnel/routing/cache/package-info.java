/** Answers that are kept for the next who asks the same, by RFC 9111 and RFC 5861. */
package io.runnel.routing.cache;
