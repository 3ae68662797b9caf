/**
 * Disk images of microVMs: a task's code and what it runs on, checked and made read-only. Archives
 * are hostile; Debian's packages are believed once their signatures are.
 */
package io.runnel.exec.microvm.image;
