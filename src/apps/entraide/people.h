#pragma once

// What enrolling a device by file and by invitation share.

#include <array>

#include "apps/entraide/context.h"

namespace entraide::cli {

/// The keys of a new device, where they are not there yet. Rule: keystore.duplicate.
Result<> make_device_keys(Context& context, const Subject& officer);
/// Notes in the profile who uses it, and for whom.
Result<> remember_officer(Context& context, const Subject& officer, const Subject& authority);
/// Four words as they are read out.
std::string spoken(const std::array<std::string, 4>& words);

/// As administrator: issues the certificate with which the officer of an enrolled device signs documents, in the name of
/// --name, and leaves it for the device, sealed. Tells the person what was done, or why nothing was.
/// Rules: certificate.*, keystore.*.
Result<> certify_device(Context& context, const Subject& authority, const KeyId& device);

/// Leaves a body that more must sign at the hub, and tells the person. Rules: waiting.*, and the hub's for the act.
Result<> leave_act(Context& context, const std::string& body);

/// On the new device: makes keys, answers the invitation, shows the words.
Result<> answer_invitation(Context& context, const std::string& code);

}  // namespace entraide::cli
