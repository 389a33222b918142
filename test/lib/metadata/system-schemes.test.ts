import { expect, test } from 'vitest'
import { parseClientMetadata } from '../../../lib/metadata/parse-client-metadata.ts'
import { parseSettings } from '../../../lib/settings/settings.ts'

/** One of each line of the list. */
test.each(
  `about chrome-search javascript ms-browser-extension view-source alohabrowser microsoft-edge
  opera-http afp ethereum ircs nntps sips webcals android samsungapps addressbook imessage
  itms-messagess mobilephone-recents x-apple-calevent x-help-script appstream bingmaps its
  microsoft.windows.camera.picker microsoft.windows.photos.search microsoftvideo outlookmail
  ms-aad-brokerplugin ms-call ms-default-location ms-eyecontrolspeech ms-holographicfirstrun
  ms-lockscreencomponent-config ms-mobileplans ms-oobenetwork ms-playto-audio ms-project
  ms-restoretabcompanion ms-search ms-settings-airplanemode ms-settings-connectabledevices
  ms-settings-location ms-settings-notifications ms-settings-wifi ms-transit-to ms-walk-to
  ms-windows-store2 c`.split(/\s+/),
)('no redirect URI has the scheme %s, which leads to another program', (scheme) => {
  const sent = { application_type: 'native', redirect_uris: [`${scheme}:/cb`] }
  expect(() =>
    parseClientMetadata(sent, parseSettings({}), { allowEmptyGrantTypes: false }),
  ).toThrow('expected https, loopback http or a private-use scheme')
})
