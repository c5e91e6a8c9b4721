/** Those that the API shows; what such a file really holds is seen when it is read. */
export function isPicture(path: string): boolean {
  return /\.(png|jpe?g|gif|webp|avif)$/i.test(path);
}
