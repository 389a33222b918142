const meta = document.querySelector<HTMLMetaElement>('meta[name=features]')
const features = new Set(meta?.content.split(' '))

/** Whether the settings of this stage have a feature (functions/console/respond.ts). */
export const hasFeature = (name: string): boolean => features.has(name)

// What the settings do not have is not offered.
for (const offered of document.querySelectorAll<HTMLElement>('[data-feature]'))
  if (!hasFeature(offered.dataset.feature ?? '')) offered.remove()
