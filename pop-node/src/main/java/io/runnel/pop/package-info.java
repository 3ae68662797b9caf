/**
 * A point of presence, composed: it answers every call that comes to it, runs popular tasks itself
 * and forwards the rest (US11762703).
 */
package io.runnel.pop;
