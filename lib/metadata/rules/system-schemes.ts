/**
 * URI schemes that do not lead to the application that registers them, from IANA's registry and
 * from what operating systems include. An application's own scheme (`vscode`, `ms-app`) is not
 * listed, even if IANA registers it.
 */
const names = [
  // Displayed or executed by the browser itself.
  'about blob brave browserext chrome chrome-devtools chrome-distiller chrome-error chrome-extension chrome-native',
  'chrome-search chrome-untrusted content data devtools edge externalfile feed file filesystem isolated-app jar',
  'javascript livescript mocha moz moz-anno moz-extension moz-icon moz-page-thumb moz-safe-about',
  'ms-browser-extension opera page-icon resource safari-extension safari-resource safari-web-extension vbs vbscript',
  'view-source vivaldi wyciwyg',
  // Opened in another browser.
  'alohabrowser ddgquicklink firefox firefox-focus firefox-klar googlechrome googlechrome-x-callback googlechromes',
  'microsoft-edge microsoft-edge-holographic microsoft-edge-http microsoft-edge-https onionhttp onionhttps opera-gx',
  'opera-http opera-https touch-http touch-https ucbrowser x-safari-http x-safari-https yandexbrowser-open-url',
  // Handled by any program or website (HTML Standard, registerProtocolHandler) that registers for
  // the protocol.
  'afp afs aim bitcoin bittorrent callto cid cifs cvs dav davs dict dlna-playcontainer dlna-playsingle ed2k',
  'ethereum fax feeds finger fish ftp ftps geo git gopher gtalk h323 iax im imap imaps ipfs ipns ipp ipps irc irc6',
  'ircs jabber jnlp jnlps ldap ldapi ldaps magnet mailto matrix message mid mms mmst mmsu modem msnim news nfs nntp',
  'nntps openpgp4fpr otpauth payto pcast pop pop3 pres rdp rlogin rsync rtmfp rtmp rtsp rtsps rtspu scp sftp sip',
  'sips smb sms smsto smtp snews ssh stssync svn tel telnet telprompt tftp tn3270 urn vnc voicemail wais webcal',
  'webcals webdav webdavs ws wss wtai xmpp ymsgr',
  // Android.
  'android android-app android-resource android.resource appmarket google.navigation intent market mimarket mmsto',
  'samsungapps',
  // macOS and iOS.
  'addressbook app-prefs app-settings applescript calshow facetime facetime-audio facetime-prompt help ibooks ical',
  'imessage itms itms-apps itms-appss itms-beta itms-books itms-bookss itms-itunesu itms-itunesus itms-messages',
  'itms-messagess itms-podcast itms-podcasts itms-services itmss macappstore macappstores maps mobilenotes',
  'mobilephone-recents photos-redirect prefs radr shareddocuments shortcuts shortcuts-production workflow',
  'x-apple-calevent x-apple-helpbasic x-apple-reminder x-apple-reminderkit x-apple.systempreferences x-help-action',
  'x-help-script x-man-page x-radar x-web-search',
  // Linux.
  'appstream apt ghelp man obex snap trash',
  // Windows.
  'bingmaps bingnews bingweather calculator feedback-hub first-run-pen-experience hcp iehistory ierss insiderhub',
  'its knownfolder mapi mapi16 mhtml microsoft.windows.camera microsoft.windows.camera.multipicker',
  'microsoft.windows.camera.picker microsoft.windows.photos.crop microsoft.windows.photos.picker',
  'microsoft.windows.photos.search microsoft.windows.photos.videoedit microsoft.workfolders microsoftmusic',
  'microsoftvideo mk mswindowsmusic mswindowsvideo onenote onenote-cmd onenotedesktop outlookaccounts outlookcal',
  'outlookmail res search search-ms shell tbauth vnd.ms.radio windows-feedback windows.tbauth windowsdefender',
  'ms-aad-brokerplugin ms-access ms-actioncenter ms-appinstaller ms-apprep ms-availablenetworks ms-calculator',
  'ms-call ms-chat ms-clock ms-contact-support ms-copilot ms-cortana ms-cortana2 ms-cxh ms-cxh-full',
  'ms-default-location ms-device-enrollment ms-drive-to ms-edu-secureassessment ms-enrollment ms-excel',
  'ms-eyecontrolspeech ms-gamebar ms-gamebarservices ms-gamingoverlay ms-get-started ms-getoffice ms-help',
  'ms-holographicfirstrun ms-infopath ms-inputapp ms-insights ms-ipmessaging ms-its ms-itss ms-launchremotedesktop',
  'ms-lockscreencomponent-config ms-media-stream-id ms-meetnow ms-meetnowflyout ms-mixedrealitycapture ms-mmsys',
  'ms-mobileplans ms-msdt ms-msime-imepad ms-msime-imjpdct ms-newsandinterests ms-officeapp ms-officecmd',
  'ms-oobenetwork ms-paint ms-pchealthcheck ms-penworkspace ms-people ms-perception-simulation ms-phone ms-photos',
  'ms-playto-audio ms-playto-miracast ms-playto-video ms-powerpoint ms-print-addprinter ms-print-printjobs',
  'ms-project ms-publisher ms-quick-assist ms-rd ms-rdx-document ms-recall ms-remotedesktop ms-remotedesktop-launch',
  'ms-restoretabcompanion ms-retaildemo-launchbioenrollment ms-retaildemo-launchstart ms-screenclip ms-screensketch',
  'ms-search ms-search-repair ms-secondary-screen-controller ms-secondary-screen-setup ms-settings',
  'ms-settings-airplanemode ms-settings-bluetooth ms-settings-camera ms-settings-cellular ms-settings-cloudstorage',
  'ms-settings-connectabledevices ms-settings-displays-topology ms-settings-emailandaccounts ms-settings-language',
  'ms-settings-location ms-settings-lock ms-settings-mobilehotspot ms-settings-nfctransactions',
  'ms-settings-notifications ms-settings-power ms-settings-privacy ms-settings-proximity ms-settings-screenrotation',
  'ms-settings-wifi ms-settings-workplace ms-spd ms-stickers ms-stickynotes ms-sttoverlay ms-taskswitcher',
  'ms-transit-to ms-unistore-email ms-useractivityset ms-virtualtouchpad ms-visio ms-voip-call ms-voip-video',
  'ms-walk-to ms-wcrv ms-whiteboard ms-whiteboard-cmd ms-windows-search ms-windows-store ms-windows-store-deskext',
  'ms-windows-store2 ms-word ms-wpc ms-wpdrmv ms-xbet-survey ms-xgpueject',
]

/** One-letter names are drives. */
const systemSchemes = new Set(names.flatMap((line) => line.split(' ')))

/**
 * Whether a browser, an operating system or another program handles this scheme (RFC 8252 §7.1, RFC
 * 9700 §4.1.3).
 */
export const isSystemScheme = (scheme: string): boolean =>
  scheme.length === 1 || systemSchemes.has(scheme)
