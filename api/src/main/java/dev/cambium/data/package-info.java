/**
 * The contract between datasets and training: a {@link dev.cambium.data.Dataset} loads
 * {@link dev.cambium.data.Examples}, which come in {@link dev.cambium.data.Batch}es. No dataset lives here; the stock ones
 * are in the module {@code cambium.datasets}.
 */
package dev.cambium.data;
