/**
 * What a node tells its operators, on its listener {@code admin}: today what it holds ready and why
 * (US10042660). Both nodes use it.
 */
package io.runnel.exec.admin;
