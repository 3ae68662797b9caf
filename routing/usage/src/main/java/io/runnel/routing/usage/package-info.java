/**
 * What each call took and who pays for it (US10203990: the use of resources is attributed to the
 * account that called, not to the one that owns the code).
 */
package io.runnel.routing.usage;
